import Testbed
import Testing

extension SystemTests {
    /// What operators change while pods run.
    @Suite("Changes under running pods")
    struct LiveChangeTests {
        private struct Answer: Decodable {
            struct Problem: Decodable {
                let field: String
                let problem: String
            }
            let unchanged: Bool?
            let problems: [Problem]?
        }

        /// Posts a document to a path of the first daemon and gives the status and what it says.
        private static func post(
            _ body: String, _ path: String, of cluster: Cluster
        ) async throws -> (status: String, text: String) {
            let words = ["-sS", "-w", "\n%{http_code}", "--data-binary", "@-", "-H"]
            let text = try await Program(
                "curl", words + ["Content-Type: application/json", cluster.daemonURL() + path],
                namespace: cluster.fabric.namespace.path
            ).text(input: body)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return (String(lines.last ?? ""), lines.dropLast().joined(separator: "\n"))
        }

        @Test("Groups are renamed and widened while packets flow, and what would cut pods off is refused")
        func topology() async throws {
            try await Cluster.run(ClusterLayout(nodes: 2)) { cluster in
                var attached: [(pod: Pod, addresses: [String])] = []
                for node in cluster.nodes {
                    let pod = try await node.makePod()
                    attached.append((pod, try await pod.add()))
                }
                let stream = try await attached[0].pod.startPinging(
                    attached[1].addresses[0], log: cluster.directory.file("ping.log"))
                let before = TopologyText.racks(.dual)

                // Elsewhere there is no place for the pods: each block in use is named.
                let elsewhere = before.replacing("10.112.0.0/16", with: "10.200.0.0/16")
                try await eventually("the blocks in use are written down") {
                    let blocks = try await cluster.keys(below: "/romana/blocks/ipv4/")
                    return blocks.values.count { !$0.contains(#""tenant":"""#) } == 2
                }
                let refused = try await Self.post(elsewhere, "/topology", of: cluster)
                #expect(refused.status == "409", "\(refused.text)")
                let obstacles = try JSON.decode(Answer.self, from: refused.text, of: "the daemon").problems ?? []
                #expect(obstacles.count == 2 && obstacles.allSatisfy { $0.problem.contains("is in use") })

                // Twice the addresses, of which the first half is as it was, under other names.
                let after = before.replacing("10.112.0.0/16", with: "10.112.0.0/15").replacing("rack-", with: "row-")
                    .replacing(
                        #"{"name": "row-4", "groups": []}"#,
                        with: (4...8).map { #"{"name": "row-\#($0)"}"# }.joined(separator: ", "))
                let dry = try await Self.post(after, "/v1/topology?dryRun=true", of: cluster)
                #expect(dry.status == "200", "\(dry.text)")
                #expect(try JSON.decode(Answer.self, from: dry.text, of: "the daemon").unchanged == false)
                let keys = try await cluster.keys(below: "/romana/topology")
                #expect(keys.values.allSatisfy { $0.contains("rack-1") })

                let done = try await Self.post(after, "/topology", of: cluster)
                #expect(done.status == "200" && done.text == "null", "\(done.text)")
                let shown = try await Program(
                    "curl", ["-sS", cluster.daemonURL() + "/topology"], namespace: cluster.fabric.namespace.path
                ).text()
                let again = try await Self.post(shown, "/v1/topology", of: cluster)
                #expect(try JSON.decode(Answer.self, from: again.text, of: "the daemon").unchanged == true)

                // New pods need new blocks, and old ones never missed a packet.
                for node in cluster.nodes {
                    for pod in try await node.makePods(10) { attached.append((pod, try await pod.add())) }
                }
                try await attached[0].pod.ping([attached[15].addresses[0]])
                let tally = await stream.finish()
                #expect(tally.lost.isEmpty)
                for node in cluster.nodes {
                    try await node.agrees(expecting: attached.filter { $0.pod.node == node.site })
                }
                try await cluster.deleteAll(attached)
            }
        }

        @Test("An address that the API gives out is routed to its host and never to a pod")
        func reservation() async throws {
            try await Cluster.run(ClusterLayout(nodes: 2, families: .ipv4)) { cluster in
                let (host, other) = (cluster.nodes[0], cluster.nodes[1])
                let given = try await Self.post(
                    #"{"name": "vm", "host": "\#(host.name)", "tenant": "machines"}"#, "/address", of: cluster)
                #expect(given.status == "200", "\(given.text)")
                let address = given.text.filter { $0 != "\"" }
                let block = try #require(
                    try await cluster.keys(below: "/romana/blocks/ipv4/").first {
                        $0.value.contains(#""keeper":"daemon""#)
                    }
                ).key.split(separator: "/").suffix(2).joined(separator: "/")
                try await eventually("the other node has a route to it") {
                    let text = try await Program(
                        "ip", ["route", "get", address], namespace: other.site.namespace?.path
                    ).run().text
                    return text.contains("via \(Fabric.address4(ofNode: host.site.number))")
                }
                var attached: [(pod: Pod, addresses: [String])] = []
                for pod in try await host.makePods(20) { attached.append((pod, try await pod.add())) }
                #expect(attached.allSatisfy { !$0.addresses.contains(address) })
                let report = try await host.report()
                #expect(!report.blocks.map { "\($0)" }.contains { $0.contains(block) })
                try await host.agrees(expecting: attached)
                try await cluster.deleteAll(attached)
            }
        }
    }
}
