import Testbed
import Testing

extension SystemTests {
    /// What becomes of the sender's address of what pods send out.
    @Suite("Translation")
    struct TranslationTests {
        /// Has `from` send datagrams to addresses, and expects what arrives in `namespace` of it to be from `senders`,
        /// and nothing of it to be from another address of pod or node.
        private static func expect(
            _ from: String, to addresses: [String], arrivesAs senders: [String], in namespace: Namespace,
            on stage: TrafficStage, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let names = stage.addresses(from) + TrafficStage.node1
            let seen = try ProbeCounter(in: namespace.path, from: senders)
            let strange = try ProbeCounter(in: namespace.path, from: names.filter { !senders.contains($0) })
            for address in addresses {
                let before = seen.count
                let probes = [Probe.Transport.udp, .tcp].map { Probe(from: from, to: address, $0, 80) }
                let outcomes = try await stage.matrix.run(probes, patience: .milliseconds(500))
                // Where there is no way back nobody answers; one packet of each has arrived all the same.
                let count = seen.count - before
                #expect(count >= 2, "to \(address): \(outcomes)", sourceLocation: sourceLocation)
                #expect(strange.count == 0, "to \(address): \(strange.first)", sourceLocation: sourceLocation)
            }
        }

        private static func expectOutside(
            _ addresses: [String], arrivesAs senders: [String], on stage: TrafficStage,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            try await expect(
                "a", to: addresses, arrivesAs: senders, in: stage.outside.namespace, on: stage,
                sourceLocation: sourceLocation)
        }

        @Test("gives what leaves the cluster the node's address, and nothing that stays within it or is for a Service")
        func networks() async throws {
            try await TrafficStage.run(["--service-cluster-ip-range", "10.96.0.0/12,fd96::/112"]) { stage in
                let own = try await stage.attach("a", on: 1)
                try await stage.attach("b", on: 1)
                try await stage.attach("c", on: 2)
                let services = ["10.96.0.10", "fd96::10"]
                let later = ["10.200.255.10", "fd00:200:0:ffff::10"]
                try await stage.outside.take(services + later, on: stage.cluster.fabric)

                try await Self.expectOutside(OutsideHost.addresses, arrivesAs: TrafficStage.node1, on: stage)
                try await stage.expect(
                    OutsideHost.addresses.flatMap { address in
                        [Probe.Transport.tcp, .udp, .icmp].map { Probe(from: "a", to: address, $0, 80) }
                    }, answeredBy: "outside")
                try await Self.expectOutside(services, arrivesAs: own, on: stage)
                for peer in ["b", "c"] {
                    try await Self.expect(
                        "a", to: stage.addresses(peer), arrivesAs: own, in: stage.pod(peer).namespace, on: stage)
                }
                // Nodes are outside of the pods' networks.
                try await Self.expect(
                    "a", to: TrafficStage.node2, arrivesAs: TrafficStage.node1, in: stage.cluster.fabric.nodes[1],
                    on: stage)

                // A network that the topology has from now on.
                try await Self.expectOutside(later, arrivesAs: TrafficStage.node1, on: stage)
                // The host outside is among its addresses, but not among those of the node's group, where it could not be.
                let spare = #"{"name": "spare", "dummy": true, "groups": []}"#
                let topology = TopologyText.racks(.dual)
                    .replacing(
                        #"{"networks": ["#,
                        with: #"""
                            {"networks": [{"name": "later", "cidr": "10.200.0.0/16", "block_mask": 29}, \#
                            {"name": "later6", "cidr": "fd00:200::/48", "block_mask": 125}, 
                            """#, maxReplacements: 1
                    )
                    .replacing(
                        #""topologies": ["#,
                        with: #"""
                            "topologies": [{"networks": ["later"], "map": [{"name": "rack-1", "groups": []}, \#(spare)]}, \#
                            {"networks": ["later6"], "map": [{"name": "rack-1", "groups": []}, \#(spare)]}, 
                            """#)
                _ = try await stage.cluster.post(stage.cluster.daemonURL() + "/topology", topology)
                try await eventually("the new networks are known") {
                    try await stage.nft("list set inet romana networks6").contains("fd00:200::/48")
                }
                try await Self.expectOutside(later, arrivesAs: own, on: stage)
                try await Self.expectOutside(OutsideHost.addresses, arrivesAs: TrafficStage.node1, on: stage)
            }
        }

        @Test("does not happen with --nat=false")
        func off() async throws {
            try await TrafficStage.run(["--nat=false"]) { stage in
                let own = try await stage.attach("a", on: 1)
                try await Self.expectOutside(OutsideHost.addresses, arrivesAs: own, on: stage)
                // An agent that is told otherwise begins at once, and ends it as well.
                let node = stage.cluster.nodes[0]
                for (option, senders) in [("--nat=true", TrafficStage.node1), ("--nat=false", own)] {
                    await node.stopAgent()
                    try await node.startAgent([option])
                    try await node.waitUntilReady()
                    try await eventually("\(option) is in the kernel") {
                        try await stage.nft("list chain inet romana postrouting").contains("out of the cluster")
                            == (option == "--nat=true")
                    }
                    try await Self.expectOutside(OutsideHost.addresses, arrivesAs: senders, on: stage)
                }
            }
        }

        @Test("happens on the link of --nat-interface alone")
        func link() async throws {
            try await TrafficStage.run(["--nat-interface", "lan1"]) { stage in
                let fabric = stage.cluster.fabric
                let lan = Namespace("\(fabric.prefix)-lan")
                try await Namespace.add([lan])
                try await IPRoute2.batch(
                    [
                        "link add lan1 type veth peer name eth0 netns \(lan.name)",
                        "address add 203.0.113.1/24 dev lan1", "address add 2001:db8:113::1/64 dev lan1 nodad",
                        "link set lan1 up",
                    ], in: fabric.nodes[0])
                try await IPRoute2.batch(
                    [
                        "address add 203.0.113.2/24 dev eth0", "address add 2001:db8:113::2/64 dev eth0 nodad",
                        "link set eth0 up",
                    ], in: lan)
                try await stage.matrix.add("lan", namespace: lan.path)
                try await stage.matrix.serve("lan", tcp: [80], udp: [80])
                let own = try await stage.attach("a", on: 1)
                let neighbours = ["203.0.113.2", "2001:db8:113::2"]
                try await eventually("the other network is there") {
                    try await stage.matrix.run(neighbours.map { Probe(from: "node1", to: $0, .icmp) })
                        .allSatisfy(\.isAnswered)
                }
                try await Self.expect(
                    "a", to: neighbours, arrivesAs: ["203.0.113.1", "2001:db8:113::1"], in: lan, on: stage)
                try await stage.expect(
                    neighbours.map { Probe(from: "a", to: $0, .tcp, 80) }, answeredBy: "lan")
                try await Self.expectOutside(OutsideHost.addresses, arrivesAs: own, on: stage)
            }
        }
    }
}
