import Testbed
import Testing

extension SystemTests {
    /// What a pod's link may bring, and whom a pod may speak to on its node.
    @Suite("The link of a pod")
    struct SpoofingTests {
        /// Puts packets on a pod's link, to the node's end of it.
        private static func send(_ packets: LinkPacket..., from pod: Pod) throws {
            for packet in packets {
                for _ in 0..<5 { try packet.send(on: pod.interface, of: pod.namespace, to: "ee:ee:ee:ee:ee:ee") }
            }
        }

        @Test("brings what is from the pod itself, and drops and counts whatever else says to be from somewhere")
        func sources() async throws {
            try await TrafficStage.run { stage in
                let own = try await stage.attach("a", on: 1)
                let near = try await stage.attach("b", on: 1)
                let far = try await stage.attach("c", on: 2)
                let liar = try stage.pod("a")
                // Another pod's, the far pod's, the node's, that of a host outside, one that no pod has, and none at all.
                let foreign = [
                    near, far, TrafficStage.node1, OutsideHost.addresses, ["10.112.250.250", "fd00:112:0:ffff::1"],
                    ["0.0.0.0", "::"],
                ]
                let forged = foreign.flatMap { $0 }
                for (name, targets) in [("b", near), ("c", far)] {
                    let namespace = try stage.pod(name).namespace
                    let lies = try ProbeCounter(in: namespace.path, from: forged)
                    let truths = try ProbeCounter(in: namespace.path, from: own)
                    let before = try await stage.count("not an address of this pod", in: "spoofing")
                    for (family, target) in targets.enumerated() {
                        for list in foreign {
                            try Self.send(.datagram(from: list[family], to: target), from: liar)
                        }
                        try Self.send(.datagram(from: own[family], to: target), from: liar)
                    }
                    try await eventually("what is true arrives at \(name)") { truths.count == 10 }
                    #expect(lies.count == 0, "\(name): \(lies.first)")
                    let counted = try await stage.count("not an address of this pod", in: "spoofing") - before
                    // What is from its very receiver is turned away by nobody else.
                    #expect(counted == 10 * foreign.count, "\(name)")
                }
            }
        }

        @Test("brings nothing for the node's loopback, no router advertisement and no redirect")
        func control() async throws {
            try await TrafficStage.run { stage in
                // A mapped port lets packets of 127.0.0.0/8 through the link, from the node to the pod.
                let own = try await stage.attach(
                    "a", on: 1, #"{"portMappings": [{"hostPort": 8080, "containerPort": 80, "protocol": "tcp"}]}"#)
                let liar = try stage.pod("a")
                try await stage.matrix.serve("node1", tcp: [], udp: [4242])
                try Self.send(
                    .datagram(from: own[0], to: "127.0.0.1"), .datagram(from: own[0], to: "127.1.2.3"), from: liar)
                try Self.send(
                    .datagram(from: "127.0.0.1", to: TrafficStage.node1[0]), from: liar)
                let advertisement: [UInt8] = [64, 0, 7, 8] + [UInt8](repeating: 0, count: 8)
                try Self.send(
                    .icmpv6(134, from: "fe80::1", to: "ff02::1", advertisement),
                    .icmpv6(134, from: own[1], to: "ff02::1", advertisement), from: liar)
                let redirect = [UInt8](repeating: 0, count: 36)
                try Self.send(
                    .icmpv6(137, from: "fe80::1", to: TrafficStage.node1[1], redirect),
                    .icmpv6(137, from: own[1], to: TrafficStage.node1[1], redirect), from: liar)
                for (comment, count) in [
                    ("loopback", 10), ("not an address of this pod", 5), ("router advertisement", 10),
                    ("redirect", 10),
                ] { #expect(try await stage.count(comment, in: "spoofing") == count, "\(comment)") }
            }
        }

        @Test("brings neighbour discovery and listener reports, so that a pod may look for its node")
        func discovery() async throws {
            try await TrafficStage.run { stage in
                let own = try await stage.attach("a", on: 1)
                let pod = try stage.pod("a")
                let link = try await KernelState(of: stage.cluster.fabric.nodes[0]).podLinks.map(\.ifname)
                let counter = try await Program(
                    "nft", ["-f", "-"], namespace: stage.cluster.fabric.nodes[0].path
                ).run(
                    input: Array(
                        """
                        table inet seen {
                            chain seen {
                                type filter hook prerouting priority 0
                                iifname "\(link[0])" icmpv6 type { 131, 132, 135, 136, 143 } counter
                            }
                        }
                        """.utf8))
                try counter.checked()
                // Solicitations as Duplicate Address Detection and address resolution send them, and reports.
                let target = [0, 0, 0, 0] + [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [1]
                let report: [UInt8] = [0, 0, 0, 0]
                try Self.send(
                    .icmpv6(135, from: "::", to: "ff02::1:ff00:1", target),
                    .icmpv6(135, from: "fe80::2", to: "ff02::1:ff00:1", target),
                    .icmpv6(135, from: own[1], to: "ff02::1:ff00:1", target),
                    .icmpv6(136, from: own[1], to: "ff02::1", target),
                    .icmpv6(143, from: "::", to: "ff02::16", report),
                    .icmpv6(143, from: "fe80::2", to: "ff02::16", report), from: pod)
                // The pod may have reported something by itself.
                let seen = try await stage.nft("list table inet seen")
                let count = seen.split(separator: "packets ").dropFirst().first?.prefix { $0.isNumber }
                #expect(count.flatMap { Int($0) } ?? 0 >= 30, "\(seen)")
                #expect(try await stage.count("not an address of this pod", in: "spoofing") == 0)
            }
        }

        @Test("lets a pod speak to its node, which --pod-to-host=false forbids; the node speaks to the pod in any case")
        func node() async throws {
            for isAllowed in [true, false] {
                try await TrafficStage.run(isAllowed ? [] : ["--pod-to-host=false"]) { stage in
                    try await stage.attach("a", on: 1)
                    try await stage.attach("b", on: 1)
                    try await stage.attach("c", on: 2)
                    func probes(_ from: String, _ addresses: [String]) -> [Probe] {
                        addresses.flatMap { address in
                            [Probe.Transport.tcp, .udp].map { Probe(from: from, to: address, $0, 80) }
                        }
                    }
                    try await stage.expect(probes("a", TrafficStage.node1), answeredBy: isAllowed ? "node1" : nil)
                    // What the node itself asks is answered, pods reach each other and other nodes.
                    for (from, to) in [("node1", "a"), ("b", "a"), ("c", "a"), ("a", "b"), ("a", "c")] {
                        try await stage.expect(probes(from, stage.addresses(to)), answeredBy: to)
                    }
                    try await stage.expect(probes("a", TrafficStage.node2), answeredBy: "node2")
                    try await stage.expect(
                        [Probe(from: "node1", to: stage.addresses("a")[0], .icmp)], answeredBy: "a")
                    if !isAllowed {
                        #expect(try await stage.count("pods may not reach their node", in: "input") > 0)
                    }
                }
            }
        }
    }
}
