import CNIProtocol
import StubServer
import Testing

@Suite("Commands that ask the daemon", .timeLimit(.minutes(1)))
struct DaemonCommandTests {
    static let tables: [(command: String, lines: [String])] = [
        ("host list", ["Host IP   Host Name", "10.0.0.1  node-1", "fd00::2   node-2"]),
        (
            "host show node-1",
            [
                "Host node-1 at 10.0.0.1, fd00::1", "Network  Group          Group CIDR",
                "n4       zone-a/rack-1  10.112.0.0/14", "", "Block CIDR     Network  Tenant  Segment  Allocated",
                "10.112.0.0/28  n4       shop    default          3", "", "Label  Value", "zone   a",
            ]
        ),
        ("network list", ["Network Name  Network CIDR   Revision", "n4            10.112.0.0/12         3"]),
        (
            "network show n4",
            [
                "Network n4, 10.112.0.0/12, blocks of /28, for every tenant",
                "Group Name     Group CIDR     Hosts  Capacity  Granted  Full  Spilled  Addresses",
                "zone-a/rack-1  10.112.0.0/14      2     16384        1   <1%        0          3",
                "zone-b         10.120.0.0/13      1     16384    16384  100%        7      90000", "",
                "Blackout CIDR  Revision  Blocks In Use  Reason",
                "10.112.0.0/28        12              1  the printers",
            ]
        ),
        (
            "network show six",
            [
                "Network six, fd00::/48, blocks of /122, for a, b",
                "Group Name  Group CIDR  Hosts  Capacity  Granted  Full  Spilled  Addresses",
                "/           fd00::/48       2      2^76        1   <1%        0          3",
            ]
        ),
        (
            "block list",
            [
                "Block CIDR     Block Host  Revision  Block Tenant  Block Segment  Block Allocated IP Count",
                "10.112.0.0/28  node-1             4  shop          default                               3",
            ]
        ),
        (
            "block show 10.112.0.7",
            [
                "Block 10.112.0.0/28", "Field       Value", "family      ipv4", "network     n4",
                "group       zone-a/rack-1", "group_cidr  10.112.0.0/14", "host        node-1", "tenant      shop",
                "segment     default", "allocated   3", "grant       g",
            ]
        ),
        (
            "topology list",
            [
                "Network Name  CIDR           Tenants", "n4            10.112.0.0/12  *", "", "Topology of n4",
                "Group Name  CIDR           Nodes", "zone-a      10.112.0.0/13  ",
                "  rack-1    10.112.0.0/14  node-1, node-2", "zone-b      10.120.0.0/13  ",
            ]
        ),
        (
            "policy list",
            [
                "Policy Id  Direction  Applied to  No of Peers  No of Rules  Description",
                "web        ingress             1            3            3  Shop from inside",
                "none       egress              1            0            0  ",
            ]
        ),
        (
            "policy show web none",
            [
                "Policy web", "  Description  Shop from inside", "  Direction    ingress",
                "  Applied to   tenant shop, segment web", "  Peers        tenant shop; 10.0.0.0/8",
                "    Rules      tcp 80, 443, 8000-8100; icmp type 3 code 1", "  Peers        any",
                "    Rules      any", "", "Policy none", "  Direction    egress", "  Applied to   host",
            ]
        ),
        (
            "network blackout list n4",
            ["Blackout CIDR  Revision  Blocks In Use  Reason", "10.112.0.0/28        12              1  the printers"]
        ),
        (
            "event list --after 3",
            [
                "Number  Time                 Kind        Subject  Count  Message",
                "     4  2026-11-21 08:14:04  group-full  rack-1       2  group rack-1 of network n4 has no block left",
            ]
        ),
        ("event list", ["There are no events."]),
        ("host add node-3 10.0.0.3", ["Host node-3 is added."]), ("host remove node-1", ["Host node-1 is removed."]),
        (
            "block add node-1 n4 --count 2",
            ["Host node-1 is granted 10.112.0.16/28, 10.112.0.32/28 of network n4."]
        ),
        ("block remove --force 10.112.0.3", ["Block 10.112.0.0/28 is taken back from host node-1."]),
        ("network blackout add n4 10.112.0.0/28", ["No further pod gets an address of 10.112.0.0/28 in network n4."]),
        ("network blackout remove n4 10.112.0.0/28", ["Pods may get addresses of 10.112.0.0/28 in network n4."]),
        ("network add six fd00:6::/64", ["Network six is added."]), ("network remove n4", ["Network n4 is removed."]),
        ("policy remove web", ["Policy web is removed."]),
    ]

    @Test("tables show what the daemon says", arguments: tables)
    func table(command: String, lines: [String]) async throws {
        let server = try StubDaemon.start()
        let run = await Invocation.run(command.split(separator: " ").map(String.init) + ["-r", server.url + "/"])
        #expect(run.lines == lines)
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
    }

    @Test(
        "json and yaml show the daemon's document",
        arguments: ["host list", "network list", "block list", "topology list", "policy list"])
    func documents(command: String) async throws {
        let server = try StubDaemon.start()
        let words = command.split(separator: " ").map(String.init)
        let json = await Invocation.run(["-f", "json", "-r", server.url] + words)
        let paths = ["host": "hosts", "network": "networks", "block": "blocks", "policy": "policies"]
        let path = "GET /\(paths[words[0]] ?? words[0])"
        #expect(try JSONValue(parsing: json.output) == JSONValue(parsing: StubDaemon.cluster[path] ?? ""))
        let yaml = await Invocation.run(words + ["-r", server.url, "--format", "yaml"])
        #expect(yaml.status == 0)
        #expect(!yaml.output.contains("{\""))
    }

    @Test("lists that are empty are a sentence")
    func empty() async throws {
        let server = try StubServer { request in
            StubAnswer(200, request.path == "/networks" ? "[]" : #"{"hosts":[],"blocks":[],"revision":0}"#)
        }
        for (noun, sentence) in [
            ("host", "There are no hosts."), ("network", "There are no networks."), ("block", "There are no blocks."),
        ] {
            #expect(await Invocation.run([noun, "list", "-r", server.url]).lines == [sentence])
        }
    }

    @Test("a topology is sent as it is, from a file or standard input")
    func topologyUpdate() async throws {
        let server = try StubDaemon.start()
        let document = #"{"networks":[{"name":"n","cidr":"10.0.0.0/8"}],"topologies":[]}"#
        let run = await Invocation.run(["topology", "update", "-r", server.url], input: document)
        #expect(run.lines == ["The topology is updated."])
        #expect(server.requests.last?.text == document)
        #expect(server.requests.last?[header: "content-type"] == "application/json")
        let bad = await Invocation.run(["topology", "update", "-", "-r", server.url], input: "{")
        #expect(bad.status == 1)
        #expect(bad.errors == "romana: read topology from standard input: byte 1: a key in quotes is due\n")
        let missing = await Invocation.run(["topology", "update", "/no/such/file", "-r", server.url])
        #expect(missing.errors == "romana: open /no/such/file: no such file or directory (ENOENT)\n")
    }

    @Test("a host is announced with all that is given")
    func hostAdd() async throws {
        let server = try StubDaemon.start()
        _ = await Invocation.run(
            ["host", "add", "node-3", "10.0.0.3", "fd00::3", "--tag", "zone=a", "--tag", "x=", "-r", server.url])
        #expect(
            server.requests.last?.text
                == #"{"name":"node-3","ip":"10.0.0.3","addresses":["10.0.0.3","fd00::3"],"tags":{"zone":"a","x":""}}"#)
        for arguments in [["node"], ["node", "10.0.0.x"], ["node", "10.0.0.1", "--tag", "loose"]] {
            #expect(await Invocation.run(["host", "add", "-r", server.url] + arguments).status == 64)
        }
    }

    @Test("a removal goes on after a failure, and names are quoted in paths")
    func hostRemove() async throws {
        let server = try StubDaemon.start()
        let run = await Invocation.run(["host", "remove", "a/b", "node-1", "-r", server.url])
        #expect(run.status == 1)
        #expect(run.lines == ["Host node-1 is removed."])
        #expect(run.errors == "romana: show host /hosts/a%2Fb: no such host (status 404)\n")
        #expect(server.requests.map(\.path) == ["/hosts/a%2Fb", "/hosts/node-1"])
        #expect(await Invocation.run(["host", "remove", "--force", "node-1", "-r", server.url]).status == 0)
        #expect(server.requests.last?.path == "/hosts/node-1?force=true")
    }

    @Test("a block that the host's agent knows is kept, and one that it forgot is taken back")
    func blockRemove() async throws {
        let hosts = #"{"hosts":[{"name":"node-1","ip":"127.0.0.1"}]}"#
        let server = try StubDaemon.start(replacing: ["GET /v1/hosts": hosts])
        let agent = try StubServer { _ in StubAnswer(200, StubAgent.state(node: "node-1").text) }
        let forgetful = try StubServer { _ in StubAnswer(200, #"{"node":"node-1","blocks":[]}"#) }
        let cases: [(agent: StubServer, options: String, reason: String?)] = [
            (agent, "", "the host's agent uses it"), (agent, " --force", nil), (forgetful, "", nil),
        ]
        for (agent, options, reason) in cases {
            let port = agent.url.split(separator: ":").last ?? ""
            let run = await Invocation.run("block remove 10.112.0.3 --agent-port \(port)\(options)", at: server.url)
            #expect(run.status == (reason == nil ? 0 : 1))
            #expect(run.errors.contains(reason ?? ""))
        }
        forgetful.stop()
        let port = forgetful.url.split(separator: ":").last ?? ""
        let silent = await Invocation.run("block remove 10.112.0.3 --agent-port \(port)", at: server.url)
        #expect(silent.status == 1)
        #expect(silent.errors.contains("whether the host uses it is not known (ask the agent at http://127.0.0.1:"))
        #expect(server.requests.count { $0.method == "DELETE" } == 2)
    }

    @Test(
        "what is not there is named",
        arguments: [
            ("host show nobody", "show host nobody: no such host"),
            ("network show x", "show host /v1/networks/x: no such host (status 404)"),
            ("block show 10.9.0.0/28", "show block 10.9.0.0/28: no such block"),
            ("block show 10.112.0.0/27", "show block 10.112.0.0/27: no such block"),
            ("block remove 10.9.0.0/28", "remove block 10.9.0.0/28: no such block"),
            ("network remove x", "remove network x: no such network"),
            ("network add n4 10.0.0.0/16", "add network n4: a network of this name exists"),
            ("network add n 10.0.0.0/16 --like x", "add network n like x: no topology has a network x"),
            ("policy show x", "show policy x: no such policy"),
        ])
    func missing(command: String, sentence: String) async throws {
        let server = try StubDaemon.start()
        let run = await Invocation.run(command.split(separator: " ").map(String.init) + ["-r", server.url])
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.errors == "romana: \(sentence)\n")
    }

    @Test(
        "answers that make no sense are told as such",
        arguments: [
            (StubAnswer(500, "oops"), "the daemon answered with status 500"), (StubAnswer(200, "oops"), "is not JSON"),
            (StubAnswer(503, #"{"details":"etcd is away"}"#), "etcd is away (status 503)"),
        ])
    func nonsense(answer: StubAnswer, words: String) async throws {
        let server = try StubServer { _ in answer }
        let run = await Invocation.run(["host", "list", "-r", server.url])
        #expect(run.status == 1)
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    @Test("a daemon that is away is named with its address")
    func away() async throws {
        let server = try StubDaemon.start()
        server.stop()
        let run = await Invocation.run(["host", "list", "-r", server.url])
        #expect(run.status == 2)
        #expect(run.errors.contains("\(server.url)/hosts: connection refused (ECONNREFUSED)"))
        #expect(run.errors.contains("--rootURL"))
    }

    @Test("with -v each request is told on standard error")
    func verbose() async throws {
        let server = try StubDaemon.start()
        let run = await Invocation.run(["-v", "host", "list", "-r", server.url])
        #expect(run.errors.hasPrefix("GET \(server.url)/hosts: 200 in "))
    }
}
