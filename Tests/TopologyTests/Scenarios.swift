/// What users of the original know, restated.
enum Scenarios {
    /// A document of one network with hosts in its only group.
    private static func flat(_ cidr: String, mask: Int, hosts: [String] = ["host1"]) -> String {
        let list = hosts.enumerated().map { #"{"name": "\#($0.element)", "ip": "192.168.99.\#($0.offset + 10)"}"# }
        return """
            {"networks": [{"name": "net1", "cidr": "\(cidr)", "block_mask": \(mask)}],
             "topologies": [{"networks": ["net1"], "map": [{"routing": "test", "groups": [\(list.joined(separator: ", "))]}]}]}
            """
    }

    /// A document of some networks by name, CIDR and mask, with trees.
    private static func document(_ networks: [(String, String, Int)], _ topologies: String) -> String {
        let list = networks.map { #"{"name": "\#($0.0)", "cidr": "\#($0.1)", "block_mask": \#($0.2)}"# }
        return #"{"networks": [\#(list.joined(separator: ", "))], "topologies": \#(topologies)}"#
    }

    static let addresses: [Scenario] = [
        Scenario(
            name: "a network of two addresses is used up, and used again", document: flat("10.0.0.0/31", mask: 31),
            steps: [
                .allocate("x1", on: "host1", "10.0.0.0"), .allocate("x2", on: "host1", "10.0.0.1"),
                .allocate("x3", on: "host1", nil), .release("x1", on: "host1", "10.0.0.0"),
                .allocate("x3", on: "host1", "10.0.0.0"), .release("x2", on: "host1", "10.0.0.1"),
                .release("x2", on: "host1", nil), .release("unknown", on: "host1", nil),
            ]),
        Scenario(
            name: "blocks of one address come and go", document: flat("10.0.0.0/31", mask: 32),
            steps: [
                .allocate("x1", on: "host1", "10.0.0.0"), .allocate("x2", on: "host1", "10.0.0.1"),
                .allocate("x3", on: "host1", nil), .release("x1", on: "host1", "10.0.0.0"),
                .allocate("x3", on: "host1", "10.0.0.0"),
            ]),
        Scenario(
            name: "many blocks of one address", document: flat("10.0.0.0/24", mask: 32),
            steps: [.allocate("x1", on: "host1", "10.0.0.0"), .allocate("x2", on: "host1", "10.0.0.1")]),
        Scenario(
            name: "a network of one address", document: flat("10.0.0.0/32", mask: 32),
            steps: [.allocate("x1", on: "host1", "10.0.0.0"), .allocate("x2", on: "host1", nil)]),
        Scenario(
            name: "blocks are filled before others are begun, and used again when they are empty",
            document: flat("10.0.0.0/8", mask: 30),
            steps: (0..<4).map { .allocate("x\($0)", on: "host1", "10.0.0.\($0)") } + [
                .usage(of: "host1", [4]), .release("x2", on: "host1", "10.0.0.2"),
                .release("x3", on: "host1", "10.0.0.3"), .allocate("y2", on: "host1", "10.0.0.2"),
                .allocate("y3", on: "host1", "10.0.0.3"), .usage(of: "host1", [4]),
            ] + (4..<8).map { .allocate("x\($0)", on: "host1", "10.0.0.\($0)") } + [
                .usage(of: "host1", [4, 4]), .release("x0", on: "host1", "10.0.0.0"),
                .release("x1", on: "host1", "10.0.0.1"), .release("y2", on: "host1", "10.0.0.2"),
                .release("y3", on: "host1", "10.0.0.3"), .usage(of: "host1", [4]),
                .allocate("z0", on: "host1", "10.0.0.0"), .allocate("z1", on: "host1", "10.0.0.1"),
                .usage(of: "host1", [2, 4]),
            ]),
        Scenario(
            name: "addresses go back in the order they came", document: flat("10.0.0.0/8", mask: 30),
            steps: (0..<6).map { .allocate("x\($0)", on: "host1", "10.0.0.\($0)") }
                + (0..<6).map { .release("x\($0)", on: "host1", "10.0.0.\($0)") } + [.usage(of: "host1", [])]),
        Scenario(
            name: "each segment has a block of its own", document: flat("10.0.0.0/24", mask: 30),
            steps: [
                .allocate("x1", on: "host1", segment: "seg1", "10.0.0.0"),
                .allocate("x2", on: "host1", segment: "seg1", "10.0.0.1"),
                .allocate("x3", on: "host1", segment: "seg2", "10.0.0.4"),
            ]),
        // The original refuses a name that has an address; here it gets the same again, as the kubelet repeats itself.
        Scenario(
            name: "each host has blocks of its own",
            document: flat("10.0.0.0/8", mask: 30, hosts: ["ip-192-168-99-10", "ip-192-168-99-11"]),
            steps: [
                .allocate("x1", on: "ip-192-168-99-10", "10.0.0.0"),
                .allocate("x1", on: "ip-192-168-99-10", "10.0.0.0"),
                // The second block is the first host's spare when that has taken of it.
                .allocate("x2", on: "ip-192-168-99-11", "10.0.0.4"), .usage(of: "ip-192-168-99-10", [1]),
            ]),
        Scenario(
            name: "two tenants use two blocks", document: flat("10.0.0.0/8", mask: 30, hosts: ["h1"]),
            steps: [
                .allocate("x1", on: "h1", tenant: "tenant1", "10.0.0.0"),
                .allocate("x2", on: "h1", tenant: "tenant2", "10.0.0.4"), .blocksInUse(2),
            ]),
        Scenario(
            name: "tenants have networks of their own, all others that for all",
            document: """
                {"networks": [
                   {"name": "net1", "cidr": "10.200.0.0/16", "block_mask": 29, "tenants": ["tenant1", "tenant2"]},
                   {"name": "net2", "cidr": "10.220.0.0/16", "block_mask": 28, "tenants": ["tenant3"]},
                   {"name": "net3", "cidr": "10.240.0.0/16", "block_mask": 28}],
                 "topologies": [{"networks": ["net1", "net2", "net3"],
                                 "map": [{"groups": [{"name": "host1", "ip": "192.168.0.1"}]}]}]}
                """,
            steps: [
                .allocate("x1", on: "host1", tenant: "tenant1", "10.200.0.0"),
                .allocate("x2", on: "host1", tenant: "tenant2", "10.200.0.8"),
                .allocate("x3", on: "host1", tenant: "tenant3", "10.220.0.0"),
                .allocate("x4", on: "host1", tenant: "someone", "10.240.0.0"),
                .allocate("x5", on: "nowhere", tenant: "someone", "no such host"),
            ]),
        Scenario(
            name: "networks are used up one after the other, and one without a tree harms nobody",
            document: """
                {"networks": [{"name": "net1", "cidr": "10.200.0.0/26", "block_mask": 29},
                              {"name": "net2", "cidr": "10.220.0.0/26", "block_mask": 29},
                              {"name": "net3", "cidr": "10.240.0.0/26", "block_mask": 29}],
                 "topologies": [{"networks": ["net1", "net2"], "map": [{"groups": [
                   {"name": "host1", "ip": "192.168.0.1"}, {"name": "host2", "ip": "192.168.0.2"},
                   {"name": "host3", "ip": "192.168.0.3"}, {"name": "host4", "ip": "192.168.0.4"}]}]}]}
                """,
            steps: [.allocateOnEach(["host1", "host2", "host3", "host4"], 31)]),
        Scenario(
            name: "hosts of different networks use their own",
            document: document(
                [("net1", "10.0.0.0/8", 30), ("net2", "11.0.0.0/8", 30)],
                """
                [{"networks": ["net1"], "map": [{"groups": [{"name": "host1", "ip": "192.168.99.10"}]}]},
                 {"networks": ["net2"], "map": [{"groups": [{"name": "host2", "ip": "192.168.99.11"}]}]}]
                """),
            steps: [
                .allocate("x1", on: "host1", tenant: "", segment: "", "10.0.0.0"),
                .allocate("x2", on: "host2", tenant: "", segment: "", "11.0.0.0"),
            ]),
        Scenario(
            name: "blackouts come and go", document: flat("10.0.0.0/30", mask: 30),
            steps: [
                .blackOut("10.100.100.0/24", isFine: false), .blackOut("10.0.0.0/30", isFine: false),
                .blackOut("10.0.0.0/32", isFine: true), .blackOut("10.0.0.0/31", isFine: true),
                .allocate("x1", on: "host1", "10.0.0.2"), .allocate("x2", on: "host1", "10.0.0.3"),
                .allocate("x3", on: "host1", nil), .blackOut("10.0.0.2/31", isFine: false),
                .endBlackout("10.0.0.0/30", isFine: false), .endBlackout("10.0.0.0/31", isFine: true),
                .allocate("x3", on: "host1", "10.0.0.0"), .allocate("x4", on: "host1", "10.0.0.1"),
                .allocate("x5", on: "host1", nil),
            ]),
    ]

    static let hosts: [Scenario] = [
        Scenario(
            name: "hosts are spread over the groups of every network",
            document: document(
                [("net1", "10.0.0.0/16", 30), ("net2", "10.20.0.0/16", 30)],
                #"[{"networks": ["net1", "net2"], "map": [{"name": "group1", "groups": []}, {"name": "group2", "groups": []}]}]"#
            ),
            steps: (0..<4).map { index in
                let group = index % 2 == 0 ? "group1" : "group2"
                return .add("host\(index)", [:], ["net1": group, "net2": group])
            } + [
                .residents(of: "net1", [2, 2]), .residents(of: "net2", [2, 2]), .remove("host0"),
                .residents(of: "net1", [1, 2]), .residents(of: "net2", [1, 2]), .remove("host1"),
                .residents(of: "net1", [1, 1]), .residents(of: "net2", [1, 1]),
            ]),
        Scenario(
            name: "labels choose the groups",
            document: document(
                [("net1", "10.0.0.0/16", 30)],
                """
                [{"networks": ["net1"], "map": [
                  {"name": "group1", "assignment": {"tier": "backend"}, "groups": []},
                  {"name": "group2", "assignment": {"tier": "frontend"}, "groups": []},
                  {"name": "group3", "assignment": {"tier": "backend"}, "groups": []},
                  {"name": "group4", "assignment": {"tier": "frontend"}, "groups": []}]}]
                """),
            steps: (0..<8).map { .add("b\($0)", ["tier": "backend"], ["net1": $0 % 2 == 0 ? "group1" : "group3"]) }
                + (0..<4).map { .add("f\($0)", ["tier": "frontend"], ["net1": $0 % 2 == 0 ? "group2" : "group4"]) } + [
                    .residents(of: "net1", [4, 2, 4, 2]), .add("none", [:], nil), .add("else", ["tier": "else"], nil),
                ]),
        Scenario(
            name: "a host joins only networks that have a group for it, and never a part kept free",
            document: document(
                [("rnet-1", "100.11.0.0/20", 30), ("rnet-2", "100.22.0.0/20", 30)],
                """
                [{"networks": ["rnet-1"], "map": [{"name": "g1", "assignment": {"rack": "rack-1"}, "groups": []}]},
                 {"networks": ["rnet-2"], "map": [
                   {"name": "g2", "assignment": {"rack": "rack-2"}, "groups": []},
                   {"name": "g3", "assignment": {"rack": "rack-3"}, "groups": []},
                   {"name": "g4", "assignment": {"rack": "rack-4"}, "groups": []}]}]
                """),
            steps: [
                .add("host1", ["rack": "rack-1"], ["rnet-1": "g1"]),
                .add("host2", ["rack": "rack-2"], ["rnet-2": "g2"]),
                .add("host3", ["rack": "rack-3"], ["rnet-2": "g3"]),
                .add("host4", ["rack": "rack-4"], ["rnet-2": "g4"]),
                .residents(of: "rnet-2", [1, 1, 1]), .add("host5", ["rack": "rack-5"], nil),
            ]),
        Scenario(
            name: "a host is accepted although most networks have no group for it",
            document: document(
                ["2a", "2b", "3a", "3b", "4a", "4b", "5a", "5b"].enumerated().map {
                    ("k8-rack-\($0.element)", "10.28.\(32 * $0.offset).0/19", 24)
                },
                "["
                    + ["2a", "2b", "3a", "3b", "4a", "4b", "5a", "5b"].map { rack in
                        """
                        {"networks": ["k8-rack-\(rack)"], "map": [{"groups": [
                          {"name": "rack-\(rack)", "groups": [], "assignment": {"rack": "rack-\(rack)"}}]}]}
                        """
                    }.joined(separator: ", ") + "]"),
            steps: ["2a", "3a", "4a"].map {
                .add("host-\($0)", ["rack": "rack-\($0)"], ["k8-rack-\($0)": "rack-\($0)"])
            }),
        Scenario(
            name: "labels may come, and those that a group asks for may not go where no other group is",
            document: document(
                [("net1", "100.11.0.0/20", 30)],
                #"[{"networks": ["net1"], "map": [{"name": "g1", "assignment": {"rack": "rack1"}, "groups": []}]}]"#),
            steps: [
                .add("host", ["rack": "rack1"], ["net1": "g1"]),
                .add("host", ["rack": "rack1", "more": "x"], ["net1": "g1"]), .add("host", ["rack": "rack2"], nil),
                .residents(of: "net1", [1]),
            ]),
        Scenario(
            name: "a network without a topology takes no host and harms nobody",
            document: document(
                [("rnet-1", "100.11.0.0/20", 30), ("rnet-2", "100.22.0.0/20", 30)],
                #"[{"networks": ["rnet-1"], "map": [{"groups": []}]}]"#),
            steps: [.add("host", ["x": "y"], ["rnet-1": "/"]), .allocate("x", on: "host", "100.11.0.0")]),
    ]

    static let changes: [Scenario] = [
        Scenario(
            name: "a network gets another name, and its pods keep their addresses",
            document: flat("10.0.0.0/8", mask: 30, hosts: ["h1", "h2"]),
            steps: [
                .allocate("x1", on: "h1", "10.0.0.0"),
                .post(flat("10.0.0.0/8", mask: 30, hosts: ["h1", "h2"]).replacing("net1", with: "net2")),
                .allocate("x1", on: "h1", "10.0.0.0"), .allocate("x2", on: "h1", "10.0.0.1"),
                .allocate("y1", on: "h2", "10.0.0.8"),
            ]),
        Scenario(
            name: "block masks outside of the network are refused, others may change",
            document: document([("net1", "10.0.0.0/24", 28)], #"[{"networks": ["net1"], "map": [{"groups": []}]}]"#),
            steps: [20, 33].map {
                .post(
                    document([("net1", "10.0.0.0/24", $0)], #"[{"networks": ["net1"], "map": [{"groups": []}]}]"#),
                    refusedFor: ["invalid blockmask \($0)", "network net1", "24 to 32"])
            } + [.post(document([("net1", "10.0.0.0/24", 29)], #"[{"networks": ["net1"], "map": [{"groups": []}]}]"#))]),
        Scenario(
            name: "networks that overlap or that two trees cut are refused",
            document: document([], "[]"),
            steps: [
                .post(
                    document(
                        [("rnet-1", "100.11.0.0/20", 30), ("rnet-2", "100.11.0.0/20", 30)],
                        #"[{"networks": ["rnet-1", "rnet-2"], "map": [{"groups": []}]}]"#),
                    refusedFor: ["networks[1].cidr", "rnet-1", "rnet-2"]),
                .post(
                    document(
                        [("net1", "100.11.0.0/20", 30), ("net2", "100.22.0.0/20", 30)],
                        """
                        [{"networks": ["net1", "net2"], "map": [{"groups": []}]},
                         {"networks": ["net1", "net2"], "map": [{"groups": []}]}]
                        """), refusedFor: ["topologies[1].networks[0]", "net1 appears more than once", "net2 appears"]),
            ]),
    ]
}
