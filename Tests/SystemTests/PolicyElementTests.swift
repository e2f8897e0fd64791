import Addresses
import Policies
import PolicyCases
import Testbed
import Testing

extension SystemTests {
    /// What becomes of elements of the agent's sets at the hands of others.
    @Suite(
        "Elements that somebody takes out of sets",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"))
    struct PolicyElementTests {
        /// Pods and blocks of both families may send to the pods of `x`, which are on both nodes.
        private static let policy = NetworkPolicy(
            namespace: "x", name: "guard", podSelector: LabelSelector(),
            ingress: [
                .init(
                    peers: [.pods(namespaces: LabelSelector(matchLabels: ["ns": "z"]), pods: nil)]
                        + blocks.compactMap { IPPrefix($0) }.map { .block($0, except: []) },
                    ports: [.init(.tcp, .number(80))])
            ])

        /// More than rules would be made of, and none next to another.
        private static let blocks = (0..<20).flatMap { ["198.18.\($0 * 2).0/24", "2001:db8:\($0 * 2)::/48"] }

        @Test("come back within seconds; a table of somebody's own is no reason to write anything")
        func takenOut() async throws {
            try await PolicyStage.run { stage in
                try await stage.make([.put(Self.policy)])
                #expect(try await stage.disagreements().isEmpty)
                let (left, right) = (stage.cluster.nodes[0], stage.cluster.nodes[1])
                for node in [left, right] {
                    let before = try await Self.nft("-s list table inet romana", on: node)
                    let sets = Self.filledSets(before)
                    for name in ["members4", "links6", "ingress4", "egress6", "self4", "networks4", "untranslated6"] {
                        #expect(sets.contains { $0.hasSuffix(" \(name)") }, "\(name)")
                    }
                    #expect(sets.filter { $0.contains(" block-") }.count == 2)
                    if node.name == left.name {
                        _ = try await Self.nft("add table inet other", on: node)
                        try await Task.sleep(for: .seconds(3))
                        #expect(TextFile.read(node.site.log)?.contains("written anew") == false)
                    } else {
                        _ = try await Self.nft(
                            sets.map { "flush \($0.replacing(" ", with: " inet romana "))" }.joined(separator: " ; "),
                            on: node)
                    }
                    try await eventually("the table is as it was", within: .seconds(10)) {
                        let now = try await Self.nft("-s list table inet romana", on: node)
                        return RulesetTests.lines(now) == RulesetTests.lines(before)
                    }
                }
                #expect(try await stage.disagreements().isEmpty)
            }
        }

        /// Sets and maps that have elements, such as `set members4`.
        private static func filledSets(_ listing: String) -> [String] {
            var sets: [String] = []
            var current = ""
            for line in listing.split(separator: "\n") {
                let words = line.split { " \t".contains($0) }
                if words.count == 3, ["set", "map"].contains(words[0]) { current = "\(words[0]) \(words[1])" }
                if words.first == "elements" { sets.append(current) }
            }
            return sets
        }

        private static func nft(_ words: String, on node: Node) async throws -> String {
            try await Program(
                "nft", words.split(separator: " ").map(String.init), namespace: node.site.namespace?.path
            ).text()
        }
    }
}
