import CNIProtocol
import StubServer
import Testing

@Suite("Commands that ask the daemon", .timeLimit(.minutes(1)))
struct DaemonCommandTests {
    static let documents = [
        "GET /hosts":
            #"{"hosts":[{"ip":"10.0.0.1","name":"node-1","agent_port":9604,"tags":{},"k8s_info":{}},{"ip":"fd00::2","name":"node-2","agent_port":9604,"tags":{},"k8s_info":{}}],"revision":7}"#,
        "GET /v1/hosts":
            #"{"hosts":[{"name":"node-1","ip":"10.0.0.1","addresses":["10.0.0.1","fd00::1"],"agent_port":9604,"tags":{"zone":"a"},"k8s_info":{},"groups":{"n4":{"path":"zone-a/rack-1","cidr":"10.112.0.0/16"}},"revision":1}],"revision":7}"#,
        "GET /networks": #"[{"revision":3,"id":"n4","cidr":"10.112.0.0/12"}]"#,
        "GET /networks/n4/blocks":
            #"{"revision":9,"blocks":[{"revision":4,"cidr":"10.112.0.0/28","tenant":"shop","segment":"default","host":"node-1","allocated_ip_count":3}]}"#,
        "GET /blocks":
            #"{"revision":9,"blocks":[{"revision":4,"cidr":"10.112.0.0/28","tenant":"shop","segment":"default","host":"node-1","allocated_ip_count":3}]}"#,
        "GET /v1/blocks":
            #"{"blocks":[{"cidr":"10.112.0.0/28","family":"ipv4","network":"n4","group":"zone-a/rack-1","group_cidr":"10.112.0.0/16","host":"node-1","tenant":"shop","segment":"default","allocated":3,"grant":"g"}]}"#,
        "GET /topology":
            #"{"networks":[{"name":"n4","cidr":"10.112.0.0/12","block_mask":28,"tenants":[]}],"topologies":[{"networks":["n4"],"map":[{"name":"zone-a","cidr":"10.112.0.0/13","groups":[{"name":"rack-1","cidr":"10.112.0.0/14","groups":[{"name":"node-1","ip":"10.0.0.1"},{"name":"node-2","ip":"10.0.0.2"}]}]},{"name":"zone-b","cidr":"10.120.0.0/13","groups":[]}]}]}"#,
        "POST /topology": "null", "POST /v1/hosts": #"{"name":"node-3","ip":"10.0.0.3"}"#,
        "DELETE /hosts/node-1": "null",
        "DELETE /hosts/node-1?force=true": "null",
    ]

    static func daemon() throws -> StubServer {
        try StubServer { request in
            if let text = documents["\(request.method) \(request.path)"] { return StubAnswer(200, text) }
            return StubAnswer(
                404,
                #"{"status_code":404,"details":"show host \#(request.path): no such host","resource_type":"host","resource_id":"x"}"#
            )
        }
    }

    static let tables: [(command: String, lines: [String])] = [
        ("host list", ["Host IP   Host Name", "10.0.0.1  node-1", "fd00::2   node-2"]),
        (
            "host show node-1",
            [
                "Host node-1 at 10.0.0.1, fd00::1", "Network  Group          Group CIDR",
                "n4       zone-a/rack-1  10.112.0.0/16", "", "Block CIDR     Network  Tenant  Segment  Allocated",
                "10.112.0.0/28  n4       shop    default          3", "", "Label  Value", "zone   a",
            ]
        ),
        ("network list", ["Network Name  Network CIDR   Revision", "n4            10.112.0.0/12         3"]),
        (
            "network show n4",
            [
                "Network n4, 10.112.0.0/12, blocks of /28, for every tenant",
                "Block CIDR     Block Host  Revision  Block Tenant  Block Segment  Block Allocated IP Count",
                "10.112.0.0/28  node-1             4  shop          default                               3",
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
                "group       zone-a/rack-1", "group_cidr  10.112.0.0/16", "host        node-1", "tenant      shop",
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
        ("host add node-3 10.0.0.3", ["Host node-3 is added."]), ("host remove node-1", ["Host node-1 is removed."]),
    ]

    @Test("tables show what the daemon says", arguments: tables)
    func table(command: String, lines: [String]) async throws {
        let server = try Self.daemon()
        let run = await Invocation.run(command.split(separator: " ").map(String.init) + ["-r", server.url + "/"])
        #expect(run.lines == lines)
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
    }

    @Test(
        "json and yaml show the daemon's document",
        arguments: ["host list", "network list", "block list", "topology list"])
    func documents(command: String) async throws {
        let server = try Self.daemon()
        let words = command.split(separator: " ").map(String.init)
        let json = await Invocation.run(["-f", "json", "-r", server.url] + words)
        let path =
            "GET /\(["host list": "hosts", "network list": "networks", "block list": "blocks"][command] ?? "topology")"
        #expect(try JSONValue(parsing: json.output) == JSONValue(parsing: Self.documents[path] ?? ""))
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
        let server = try Self.daemon()
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
        let server = try Self.daemon()
        _ = await Invocation.run(
            ["host", "add", "node-3", "10.0.0.3", "fd00::3", "--tag", "zone=a", "--tag", "x=", "-r", server.url])
        #expect(
            server.requests.last?.text
                == #"{"name":"node-3","ip":"10.0.0.3","addresses":["10.0.0.3","fd00::3"],"tags":{"zone":"a","x":""}}"#)
        for arguments in [["node"], ["node", "10.0.0.x"], ["node", "10.0.0.1", "--tag", "loose"]] {
            #expect(await Invocation.run(["host", "add", "-r", server.url] + arguments).status == 2)
        }
    }

    @Test("a removal goes on after a failure, and names are quoted in paths")
    func hostRemove() async throws {
        let server = try Self.daemon()
        let run = await Invocation.run(["host", "remove", "a/b", "node-1", "-r", server.url])
        #expect(run.status == 1)
        #expect(run.lines == ["Host node-1 is removed."])
        #expect(run.errors == "romana: show host /hosts/a%2Fb: no such host (status 404)\n")
        #expect(server.requests.map(\.path) == ["/hosts/a%2Fb", "/hosts/node-1"])
        #expect(await Invocation.run(["host", "remove", "--force", "node-1", "-r", server.url]).status == 0)
        #expect(server.requests.last?.path == "/hosts/node-1?force=true")
    }

    @Test(
        "what is not there is named",
        arguments: [
            ("host show nobody", "show host nobody: no such host"),
            ("network show x", "show network x: no such network"),
            ("block show 10.9.0.0/28", "show block 10.9.0.0/28: no such block"),
            ("block show 10.112.0.0/27", "show block 10.112.0.0/27: no such block"),
        ])
    func missing(command: String, sentence: String) async throws {
        let server = try Self.daemon()
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
        let server = try Self.daemon()
        server.stop()
        let run = await Invocation.run(["host", "list", "-r", server.url])
        #expect(run.status == 1)
        #expect(run.errors.contains("\(server.url)/hosts: connection refused (ECONNREFUSED)"))
        #expect(run.errors.contains("--rootURL"))
    }

    @Test("with -v each request is told on standard error")
    func verbose() async throws {
        let server = try Self.daemon()
        let run = await Invocation.run(["-v", "host", "list", "-r", server.url])
        #expect(run.errors.hasPrefix("GET \(server.url)/hosts: 200 in "))
    }
}
