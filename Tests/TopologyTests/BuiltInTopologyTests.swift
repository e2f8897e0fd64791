import Addresses
import Testing
import Topology

@Suite("built-in topologies")
struct BuiltInTopologyTests {
    /// Regions as they were when the original was written, with the addresses of each zone and of its first and last
    /// group.
    static let regions: [(region: String, zones: [String], leaves: [String])] = [
        ("ap-northeast-1", ["a", "c"], twoZones), ("ap-northeast-2", ["a", "c"], twoZones),
        ("ap-south-1", ["a", "b"], twoZones), ("ap-southeast-1", ["a", "b"], twoZones),
        ("ca-central-1", ["a", "b"], twoZones), ("eu-west-2", ["a", "b"], twoZones),
        ("us-west-1", ["b", "c"], twoZones), ("ap-southeast-2", ["a", "b", "c"], threeZones),
        ("eu-central-1", ["a", "b", "c"], threeZones), ("eu-west-1", ["a", "b", "c"], threeZones),
        ("sa-east-1", ["a", "b", "c"], threeZones), ("us-east-2", ["a", "b", "c"], threeZones),
        ("us-west-2", ["a", "b", "c"], threeZones),
        (
            "us-east-1", ["a", "b", "c", "d", "e", "f"],
            [
                "100.96.0.0/14 100.96.0.0/16 100.99.0.0/16", "100.100.0.0/14 100.100.0.0/16 100.103.0.0/16",
                "100.104.0.0/14 100.104.0.0/16 100.107.0.0/16", "100.108.0.0/14 100.108.0.0/16 100.111.0.0/16",
                "100.112.0.0/14 100.112.0.0/16 100.115.0.0/16", "100.116.0.0/14 100.116.0.0/16 100.119.0.0/16",
            ]
        ),
    ]
    static let twoZones = [
        "100.96.0.0/12 100.96.0.0/15 100.110.0.0/15", "100.112.0.0/12 100.112.0.0/15 100.126.0.0/15",
    ]
    static let threeZones = [
        "100.96.0.0/13 100.96.0.0/16 100.103.0.0/16", "100.104.0.0/13 100.104.0.0/16 100.111.0.0/16",
        "100.112.0.0/13 100.112.0.0/16 100.119.0.0/16",
    ]

    @Test("a region with the zones of old has the addresses of old", arguments: regions)
    func cutsRegions(region: String, zones: [String], leaves: [String]) throws {
        let names = zones.map { region + $0 }
        let document = try BuiltInTopology.aws(region: region, zones: names.reversed()).document()
        try document.check(apartFrom: [Sample.prefix("100.64.0.0/13")])
        #expect(document.networks.map(\.name) == ["romana-network"] && document.networks.map(\.blockMask) == [29])
        let tree = try #require(document.tree(of: "romana-network"))
        #expect(tree.groups.map(\.name) == names.map { "failure-domain: \($0)" })
        #expect(
            tree.groups.map {
                "\($0.cidr) \($0.groups.first?.cidr.description ?? "") \($0.groups.last?.cidr.description ?? "")"
            }
                == leaves)
        for (group, zone) in zip(tree.groups, names) {
            #expect(group.groups.map(\.name) == (1...group.groups.count).map { "\(zone)-group-0\($0)" })
        }
    }

    @Test(
        "regions of other sizes are cut by the same rule",
        arguments: [(1, 8, 11, 14), (4, 8, 13, 16), (5, 4, 14, 16), (9, 2, 15, 16), (32, 1, 16, 16)])
    func cutsOtherRegions(zones: Int, leaves: Int, zoneLength: Int, leafLength: Int) throws {
        let names = (0..<zones).map { "r-1\($0 < 26 ? "" : "z")\(Character(UnicodeScalar(UInt8(97 + $0 % 26))))" }
        let tree = try #require(
            try BuiltInTopology.aws(region: "r-1", zones: names).document().tree(of: "romana-network"))
        #expect(tree.leaves.count == zones * leaves)
        #expect(tree.groups.allSatisfy { $0.cidr.length == zoneLength })
        #expect(tree.leaves.allSatisfy { $0.cidr.length == leafLength })
    }

    @Test("nodes of a zone are known by the labels of today and of old")
    func matchesLabels() throws {
        let document = try BuiltInTopology.aws(region: "eu-west-1", zones: ["eu-west-1a", "eu-west-1b"]).document()
        let placement = Placement(document, hosts: [])
        for prefix in ["topology.kubernetes.io", "failure-domain.beta.kubernetes.io"] {
            let tags = ["\(prefix)/region": "eu-west-1", "\(prefix)/zone": "eu-west-1b"]
            let group = try placement.groups(for: Documents.host("h", tags))["romana-network"]
            #expect(group?.path == "failure-domain: eu-west-1b/eu-west-1b-group-01")
            #expect(throws: TopologyError.self) {
                try placement.groups(for: Documents.host("h", ["\(prefix)/zone": "eu-west-1b"]))
            }
        }
        // Documents written for the labels of old take nodes of today.
        let old = try Documents.region(["eu-west-1a"], leaves: 1)
        let tags = ["topology.kubernetes.io/zone": "eu-west-1a"]
        #expect(try Placement(old, hosts: []).groups(for: Documents.host("h", tags)).count == 1)
        #expect(
            try Documents.read(Documents.write(document.shown(with: []))).tree(of: "romana-network")
                == document.tree(of: "romana-network"))
    }

    @Test("kubeadm has eight groups for all hosts")
    func cutsKubeadm() throws {
        let document = try BuiltInTopology.kubeadm.document()
        try document.check(apartFrom: [Sample.prefix("10.96.0.0/12")])
        let leaves = try #require(document.tree(of: "romana-network")).leaves
        #expect(
            leaves.map { "\($0.path) \($0.cidr)" }
                == (0..<8).map { "host-group-0\($0 + 1) 10.\(112 + 2 * $0).0.0/15" })
        #expect(leaves.allSatisfy { $0.suits([:]) })
        #expect("\(BuiltInTopology.kubeadm), \(BuiltInTopology.aws(region: "r-1", zones: []))" == "kubeadm, aws r-1")
    }

    /// A region, its zones, and words of the error.
    static let refused: [(String, [String], [String])] = [
        ("us-east-1", [], ["region us-east-1", "0 zones"]),
        ("us-east-1", ["us-east-1a", "us-east-2a"], ["region us-east-1", "\"us-east-2a\" is no zone"]),
        ("us-east-1", ["us-east-1a", "us-east-1a"], ["us-east-1a is given twice"]),
        ("us-east-1", ["us-east-1"], ["is no zone"]), ("", ["a"], ["is no zone"]),
        ("r", (10...42).map { "r\($0)" }, ["33 zones"]),
    ]

    @Test("zones that cannot be are refused", arguments: refused)
    func refuses(region: String, zones: [String], words: [String]) {
        let error = #expect(throws: TopologyError.self) {
            try BuiltInTopology.aws(region: region, zones: zones).document()
        }
        for word in words { #expect(error?.description.contains(word) == true) }
    }

    /// File, cloud and service address, and what is chosen, or words of the error.
    static let sources: [(String?, String?, String?, TopologySource?, [String])] = [
        ("net.json", "aws", "10.96.0.1", .file("net.json"), []), ("net.json", "gce", nil, .file("net.json"), []),
        (nil, "aws", "10.96.0.1", .aws, []), ("", "aws", nil, .aws, []), (nil, nil, "100.64.0.1", .aws, []),
        (nil, nil, "10.96.0.1", .kubeadm, []), (nil, "", "10.96.0.1", .kubeadm, []),
        (nil, "gce", "10.96.0.1", nil, ["--cloud", "\"gce\"", "aws"]),
        (
            nil, nil, "10.0.0.1", nil,
            ["KUBERNETES_SERVICE_HOST", "10.0.0.1", "10.96.0.1", "100.64.0.1", "--initial-network"]
        ),
        (nil, nil, nil, nil, ["KUBERNETES_SERVICE_HOST", "not set"]),
    ]

    @Test("the topology is chosen by file, by cloud, by the service's address", arguments: sources)
    func chooses(file: String?, cloud: String?, service: String?, source: TopologySource?, words: [String]) throws {
        guard source == nil else {
            #expect(try TopologySource(file: file, cloud: cloud, kubernetesService: service) == source)
            return
        }
        let error = #expect(throws: TopologyError.self) {
            try TopologySource(file: file, cloud: cloud, kubernetesService: service)
        }
        for word in words { #expect(error?.description.contains(word) == true) }
    }

    @Test("CIDRs can be overridden by name")
    func overrides() throws {
        let overrides = try CIDROverride.parse("romana-network=10.0.0.0/12,six=fd00::/48,other=10.200.0.0/16")
        #expect(
            overrides.map { "\($0.network) \($0.cidr)" } == [
                "romana-network 10.0.0.0/12", "six fd00::/48", "other 10.200.0.0/16",
            ])
        let (document, unknown) = try BuiltInTopology.kubeadm.document().overriding(overrides)
        #expect(document.networks.map(\.cidr.description) == ["10.0.0.0/12"] && unknown == ["other", "six"])
        #expect(document.tree(of: "romana-network")?.leaves.last?.cidr.description == "10.14.0.0/15")
        for small in ["10.0.0.0/28", "10.0.0.0/30"] {
            #expect(throws: TopologyError.self) {
                try BuiltInTopology.kubeadm.document().overriding(CIDROverride.parse("romana-network=\(small)"))
            }
        }
    }

    @Test(
        "overrides that cannot be are refused, each of them",
        arguments: [
            ("", 1), ("a", 1), ("a=", 1), ("=10.0.0.0/8", 1), ("=", 2), ("a=10.0.0.0/8=9", 1), ("a=10.0.0.0/8,", 1),
            ("a=b", 1), ("a=10.0.0.0", 1), ("a=10.0.0.0/33,b=10.0.0.0/8,c", 2), ("a=10.0.0.0/8,a=11.0.0.0/8", 1),
        ])
    func refusesOverrides(text: String, count: Int) {
        let error = #expect(throws: TopologyError.self) { try CIDROverride.parse(text) }
        #expect(error?.all.count == count && error?.field == "--network-cidr-overrides")
    }
}
