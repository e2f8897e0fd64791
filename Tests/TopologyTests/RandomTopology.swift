import Addresses
import SeededRandom
import Topology

/// Documents made by chance, of few and small networks, so that groups fill up and changes meet what is in use.
struct RandomTopology {
    var networks: [(name: String, cidr: String, mask: Int, tenants: [String])]
    var trees: [[TopologyGroup]] = []
    /// Whether every group on top asks for a label, so that hosts may be refused.
    let isStrict: Bool

    init(_ random: inout SeededGenerator) {
        isStrict = Int.random(in: 0..<3, using: &random) == 0
        networks = [
            (
                "four", Bool.random(using: &random) ? "10.0.0.0/25" : "10.0.0.0/26",
                Int.random(in: 29...30, using: &random), []
            ),
            ("six", "fd00::/120", 125, []),
        ]
        trees = [tree(&random), tree(&random)]
        if Bool.random(using: &random) {
            networks.append(("own", "10.0.1.0/27", 30, ["t0"]))
            trees.append(tree(&random))
        }
    }

    private func group(_ depth: Int, _ random: inout SeededGenerator) -> TopologyGroup {
        let names = ["a", "b", "c", "d", ""]
        let racks: [[String: String]] = (isStrict ? [] : [[:], [:], [:]]) + [["rack": "0"], ["rack": "1"]]
        let count = depth > 0 && Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 1...3, using: &random) : 0
        return TopologyGroup(
            name: names.randomElement(using: &random) ?? "", assignment: racks.randomElement(using: &random) ?? [:],
            isDummy: Int.random(in: 0..<12, using: &random) == 0,
            groups: (0..<count).map { _ in group(depth - 1, &random) })
    }

    private func tree(_ random: inout SeededGenerator) -> [TopologyGroup] {
        (0..<Int.random(in: 1...4, using: &random)).map { _ in group(1, &random) }
    }

    /// Changes one thing.
    mutating func mutate(_ random: inout SeededGenerator) {
        let index = Int.random(in: 0..<networks.count, using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0: networks[index].name += "x"
        case 1: networks[index].cidr = networks[index].cidr.replacing("/26", with: "/25").replacing("/27", with: "/26")
        case 2:
            networks[index].mask = networks[index].cidr.contains(":") ? 126 : Int.random(in: 29...31, using: &random)
        case 3: networks[index].tenants = networks[index].tenants.isEmpty ? ["t0", "t1"] : []
        case 4: trees[index].append(group(1, &random))
        case 5 where trees[index].count > 1: trees[index].removeLast()
        case 6: trees[index].swapAt(0, trees[index].count - 1)
        case 7: trees[index][0].name = "n\(Int.random(in: 0..<9, using: &random))"
        case 8: trees[index][0].assignment = Bool.random(using: &random) ? [:] : ["rack": "1"]
        default: trees[index] = tree(&random)
        }
    }

    /// The document; nil when chance made one that cannot be.
    var document: TopologyDocument? {
        try? TopologyDocument(
            networks: networks.map { entry in
                try Network(
                    name: entry.name, cidr: IPPrefix(parsing: entry.cidr), blockMask: entry.mask, tenants: entry.tenants
                )
            },
            topologies: zip(networks, trees).map { TopologyMap(networks: [$0.name], groups: $1) })
    }
}
