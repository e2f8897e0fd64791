import CNIProtocol
import StubServer
import Testing

@Suite("Commands about the topology", .timeLimit(.minutes(1)))
struct TopologyCommandTests {
    static let yaml = """
        # two racks
        networks:
        - name: pods
          cidr: 10.112.0.0/16
          block_mask: 29
        topologies:
        - networks: [pods]
          map:
          - name: rack-1
            assignment: {rack: "1"}
            hosts: [{name: n1, ip: 10.0.0.1}]
          - name: rack-2
            groups: []
        """
    static let json =
        #"{"networks":[{"name":"pods","cidr":"10.112.0.0/16","block_mask":29}],"topologies":[{"networks":["pods"],"map":[{"name":"rack-1","assignment":{"rack":"1"},"hosts":[{"name":"n1","ip":"10.0.0.1"}]},{"name":"rack-2","groups":[]}]}]}"#
    static let tree = [
        "network pods  10.112.0.0/16  1 host, 8192 blocks, 65536 addresses, blocks of /29, for all tenants",
        "├─ rack-1  10.112.0.0/17    1 host, 4096 blocks, 32768 addresses  rack=1",
        "└─ rack-2  10.112.128.0/17  0 hosts, 4096 blocks, 32768 addresses",
    ]

    @Test("a file is checked and drawn without asking anybody", arguments: [(yaml, "net.yaml"), (json, "net.json")])
    func checks(text: String, name: String) async throws {
        let file = try TemporaryFile(text, name: name)
        for arguments in [[file.path], ["-"], []] {
            let run = await Invocation.run(["topology", "check"] + arguments, input: text)
            #expect(run.lines == Self.tree)
            #expect(run.status == 0)
            #expect(run.errors.isEmpty)
        }
        let document = await Invocation.run(["topology", "check", file.path, "-f", "json"])
        let groups = try JSONValue(parsing: document.output)["networks"]?.arrayValue?.first?["groups"]?.arrayValue
        #expect(groups?.map { $0["path"] } == ["rack-1", "rack-2"])
        let narrow = await Invocation.run(["topology", "check", file.path], width: 40)
        for line in narrow.lines { #expect(line.count <= 40) }
    }

    @Test(
        "everything that is wrong is told, each with its place in the document",
        arguments: [
            (
                #"{"networks":[{"name":"a","cidr":"10.0.0.0/8"},{"name":"a","cidr":"10.1.0.0/40"},{"name":"b","cidr":"10.2.0.0/16"}]}"#,
                [
                    "romana: check topology of standard input: 2 things are wrong:",
                    #"  networks[1].cidr: read "10.1.0.0/40" as a prefix: the length must be 0 to 32, in network a"#,
                    "  networks[2].cidr: 10.2.0.0/16 of network b overlaps 10.0.0.0/8 of network a",
                ]
            ),
            (
                "networks: [{name: a, cidr: 10.0.0.0/8, block_mask: x}]",
                ["romana: read topology from standard input: networks[0].block_mask: a whole number is due"]
            ),
            ("networks: 1", ["romana: read topology from standard input: networks: a list is due"]),
            (
                "networks:\n- name: a\n\tcidr: x",
                ["romana: read topology from standard input: line 3: a tab in the indentation"]
            ),
            (
                "{\"networks\": [",
                ["romana: read topology from standard input: byte 14: the document ends where a value is due"]
            ),
            (
                "networks: [{name: a, cidr: 10.96.0.0/16}]",
                [
                    "romana: check topology of standard input: networks[0].cidr: 10.96.0.0/16 of network a overlaps "
                        + "10.96.0.0/12, which is the range of service addresses"
                ]
            ),
        ])
    func refuses(text: String, lines: [String]) async {
        let run = await Invocation.run(["topology", "check", "--service-range", "10.96.0.0/12"], input: text)
        #expect(run.errors.split(separator: "\n").map(String.init) == lines)
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
    }

    @Test("a topology is sent as JSON whatever it was written in", arguments: [yaml, json])
    func update(text: String) async throws {
        let server = try StubDaemon.start()
        let run = await Invocation.run(["topology", "update", "-r", server.url], input: text)
        #expect(run.lines == ["The topology is updated."])
        #expect(server.requests.map(\.path) == ["/topology"])
        #expect(server.requests.last?.text == Self.json)
        #expect(server.requests.last?[header: "content-type"] == "application/json")
    }

    @Test("a dry run says what would change")
    func dryRun() async throws {
        let group = { (path: String, cidr: String) in #"{"path":"\#(path)","cidr":"\#(cidr)"}"# }
        let (rack, hall) = (group("rack-1", "10.0.0.0/17"), group("hall", "10.0.0.0/16"))
        let block = #"{"cidr":"10.0.0.0/29","host":"n1"}"#
        let effect =
            #"{"unchanged":false,"networks":[{"name":"net","notes":["renamed from old","block_mask 29 -> 28"],"blocks_before":8192,"blocks_after":"75557863725914323419136","addresses_before":1,"addresses_after":1,"groups":[{"kind":"added","after":\#(rack)},{"kind":"removed","before":\#(hall)},{"kind":"renamed","before":\#(hall),"after":\#(rack)},{"kind":"recut","before":\#(hall),"after":\#(rack)},{"kind":"changed","before":\#(rack),"after":\#(rack)}]}],"hosts":{"moved":[{"host":"n1","network":"net","from":\#(hall),"to":\#(rack)},{"host":"n2","network":"net","to":\#(rack)},{"host":"n4","network":"net","from":\#(hall)}],"added":["n3"]},"blocks":{"kept":5,"outside":[\#(block)],"blacked_out":[\#(block)],"given_back":[\#(block)]}}"#
        let server = try StubDaemon.start([
            "POST /topology?dryRun=true": effect, "GET /topology": StubDaemon.cluster["GET /topology"] ?? "",
        ])
        let lines = [
            "network net: renamed from old; block_mask 29 -> 28", "  blocks 8192 -> 2^76",
            "  group rack-1 (10.0.0.0/17): added", "  group hall (10.0.0.0/16): removed",
            "  group rack-1 (10.0.0.0/17): renamed from hall", "  group rack-1 (10.0.0.0/17): recut from 10.0.0.0/16",
            "  group rack-1 (10.0.0.0/17): changed",
            "host n1: network net, new blocks from rack-1 (10.0.0.0/17) instead of hall (10.0.0.0/16)",
            "host n2: joins network net in rack-1 (10.0.0.0/17)",
            "host n4: leaves network net, where it was in hall (10.0.0.0/16)", "host n3: added",
            "block 10.0.0.0/29 of host n1: kept outside of its host's group",
            "block 10.0.0.0/29 of host n1: kept in a blackout", "block 10.0.0.0/29 of host n1: not in use, goes back",
            "blocks in use: 5, all kept",
        ]
        let update = await Invocation.run(["topology", "update", "--dry-run", "-r", server.url], input: Self.json)
        #expect(update.lines == lines)
        #expect(update.status == 0)
        for line in ["network add n 10.0.0.0/8 --dry-run", "network remove n4 --dry-run"] {
            #expect(await Invocation.run(line, at: server.url).lines == lines)
        }
        let document = await Invocation.run(
            ["topology", "update", "--dry-run", "-f", "json", "-r", server.url], input: Self.json)
        #expect(try JSONValue(parsing: document.output) == JSONValue(parsing: effect))
        let same = try StubDaemon.start(["POST /topology?dryRun=true": #"{"unchanged":true}"#])
        let nothing = await Invocation.run(["topology", "update", "--dry-run", "-r", same.url], input: Self.json)
        #expect(nothing.lines == ["Nothing would change."])
    }

    @Test("what stands in the way of a change is listed")
    func obstacles() async throws {
        let server = try StubServer { _ in
            StubAnswer(
                409,
                #"{"status_code":409,"details":"replace topology: a; b","resource_type":"","resource_id":"","problems":[{"field":"networks","problem":"block 10.0.0.0/29 of host n1 is in use"},{"field":"networks[1]","problem":"no"}]}"#
            )
        }
        let run = await Invocation.run(["topology", "update", "-r", server.url], input: Self.json)
        #expect(run.status == 1)
        #expect(
            run.errors.split(separator: "\n").map(String.init) == [
                "romana: POST \(server.url)/topology: status 409: 2 reasons:",
                "  networks: block 10.0.0.0/29 of host n1 is in use", "  networks[1]: no",
            ])
    }

    /// The topology of the stub cluster with another network.
    static let additions: [(line: String, network: String, map: String)] = [
        (
            "network add six fd00:6::/64", #"{"name":"six","cidr":"fd00:6::/64"}"#,
            #"[{"name":"zone-a","groups":[{"name":"rack-1","groups":[{"name":"node-1","ip":"10.0.0.1"},{"name":"node-2","ip":"10.0.0.2"}]}]},{"name":"zone-b","groups":[]}]"#
        ),
        (
            "network add six fd00:6::/64 --block-mask 120 --tenant a --tenant b --group x --group y",
            #"{"name":"six","cidr":"fd00:6::/64","block_mask":120,"tenants":["a","b"]}"#,
            #"[{"name":"x","groups":[]},{"name":"y","groups":[]}]"#
        ),
    ]

    @Test("a network is added to the topology in force", arguments: additions)
    func addition(line: String, network: String, map: String) async throws {
        let server = try StubDaemon.start()
        let run = await Invocation.run(line, at: server.url)
        #expect(run.lines == ["Network six is added."])
        let sent = try JSONValue(parsing: server.requests.last?.body ?? [])
        let before = try JSONValue(parsing: StubDaemon.cluster["GET /topology"] ?? "")
        #expect(sent["networks"]?.arrayValue?.first == before["networks"]?.arrayValue?.first)
        #expect(sent["networks"]?.arrayValue?.last == (try JSONValue(parsing: network)))
        #expect(sent["topologies"]?.arrayValue?.first == before["topologies"]?.arrayValue?.first)
        #expect(sent["topologies"]?.arrayValue?.last?["networks"] == ["six"])
        #expect(sent["topologies"]?.arrayValue?.last?["map"] == (try JSONValue(parsing: map)))
    }

    @Test("a network goes with the tree that was its alone")
    func removal() async throws {
        let topology =
            #"{"networks":[{"name":"a"},{"name":"b"},{"name":"c"}],"topologies":[{"networks":["a","b"],"map":[]},{"networks":["c"],"map":[]}]}"#
        let server = try StubDaemon.start(["GET /topology": topology, "POST /topology": "null"])
        let run = await Invocation.run("network remove b c", at: server.url)
        #expect(run.lines == ["Networks b, c are removed."])
        #expect(
            server.requests.last?.text
                == #"{"networks":[{"name":"a"}],"topologies":[{"networks":["a"],"map":[]}]}"#)
    }

    @Test("the first network of all has one group")
    func first() async throws {
        let server = try StubDaemon.start(
            ["GET /topology": #"{"networks":[],"topologies":[]}"#, "POST /topology": "null"])
        _ = await Invocation.run("network add n 10.0.0.0/8", at: server.url)
        #expect(
            server.requests.last?.text
                == #"{"networks":[{"name":"n","cidr":"10.0.0.0/8"}],"topologies":[{"networks":["n"],"map":[{"name":"hosts","groups":[]}]}]}"#
        )
    }
}
