import Testbed
import Testing

extension SystemTests {
    /// The agent's table as others see it, and what becomes of it at their hands.
    @Suite("The ruleset of a node")
    struct RulesetTests {
        private static let mapping = """
            {"portMappings": [{"hostPort": 8080, "containerPort": 80, "protocol": "tcp"},
                              {"hostPort": 8080, "containerPort": 80, "protocol": "sctp", "hostIP": "127.0.0.1"}]}
            """

        @Test("is printed by nft as it was meant, with comments, as text and as JSON")
        func listed() async throws {
            try await TrafficStage.run(["--pod-to-host=false"]) { stage in
                let own = try await stage.attach("a", on: 1, Self.mapping)
                for arguments in ["list ruleset", "-a list ruleset", "-n list ruleset", "-s list ruleset"] {
                    let result = try await Program(
                        "nft", arguments.split(separator: " ").map(String.init),
                        namespace: stage.cluster.fabric.nodes[0].path
                    ).run().checked()
                    #expect(result.errorText.isEmpty, "\(result.errorText)")
                    #expect(!result.text.contains("[invalid") && !result.text.contains("unknown"), "\(result.text)")
                }
                let text = try await stage.nft("list ruleset")
                for expected in [
                    #"comment "no policy known for the receiver""#, #"comment "router advertisement""#,
                    #"comment "pods may not reach their node""#, "ip daddr vmap @ingress4", "8080 : \(own[0]) . 80",
                ] { #expect(text.contains(expected), "\(expected) is missing in \(text)") }
                let json = try await stage.nft("-j list ruleset")
                struct Ruleset: Decodable { let nftables: [[String: Anything]] }
                struct Anything: Decodable {}
                #expect(try JSON.decode(Ruleset.self, from: json, of: "nft -j").nftables.count > 50)
                // What nft prints it can read; as a table of another name, and without doing it.
                let copy = try await stage.nft("list table inet romana").replacing(
                    "table inet romana", with: "table inet copy")
                try await Program("nft", ["-c", "-f", "-"], namespace: stage.cluster.fabric.nodes[0].path).text(
                    input: copy)
            }
        }

        @Test(
            "is mended within seconds when somebody removes it",
            arguments: [
                "flush ruleset", "delete table inet romana", "flush table inet romana",
                "flush chain inet romana spoofing",
            ])
        func flushed(_ command: String) async throws {
            try await TrafficStage.run(["--pod-to-host=false"]) { stage in
                let own = try await stage.attach("a", on: 1, Self.mapping)
                try await stage.attach("c", on: 2)
                let before = try await stage.nft("-s list ruleset")
                _ = try await stage.nft(command)
                try await eventually("the table is as it was", within: .seconds(10)) {
                    let now = try? await stage.nft("-s list ruleset")
                    return now.map { Self.lines($0) == Self.lines(before) } ?? false
                }
                try await stage.expect(
                    ["node2", "c", "outside"].map { Probe(from: $0, to: TrafficStage.node1[0], .tcp, 8080) },
                    answeredBy: "a")
                try await stage.expect([Probe(from: "a", to: TrafficStage.node1[0], .tcp, 80)], answeredBy: nil)
                let lies = try ProbeCounter(in: stage.pod("c").namespace.path, from: ["10.112.250.250"])
                let liar = try stage.pod("a")
                try LinkPacket.datagram(from: "10.112.250.250", to: stage.addresses("c")[0]).send(
                    on: liar.interface, of: liar.namespace, to: "ee:ee:ee:ee:ee:ee")
                try await eventually("the lie is counted") {
                    try await stage.count("not an address of this pod", in: "spoofing") > 0
                }
                #expect(lies.count == 0)
                try await stage.expect(own.map { Probe(from: "c", to: $0, .tcp, 80) }, answeredBy: "a")
            }
        }

        /// Chains, sets and elements come in the order in which they were made.
        static func lines(_ text: String) -> Set<String> {
            let pieces = text.split { $0.isNewline || $0 == "," }
            let words = pieces.map { piece in
                String(piece.drop { $0.isWhitespace }).replacing("elements = { ", with: "").replacing(" }", with: "")
            }
            return Set(words)
        }
    }
}
