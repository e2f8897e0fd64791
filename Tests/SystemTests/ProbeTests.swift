import Testbed
import Testing

extension SystemTests {
    /// On three namespaces of a fabric, with rules that `nft` loads.
    @Suite("The testbed's probes")
    struct ProbeTests {
        private static let sites = ["a", "b", "c"]

        /// A fabric of three nodes, all of which answer on ports 80 and 81.
        private static func withMatrix(_ body: (ProbeMatrix, Fabric) async throws -> Void) async throws {
            let fabric = try await Fabric.build(nodes: sites.count)
            let matrix = try ProbeMatrix()
            do {
                for (site, namespace) in zip(sites, fabric.nodes) {
                    try await matrix.add(site, namespace: namespace.path)
                    try await matrix.serve(site, tcp: [80, 81], udp: [80, 81], sctp: [80, 81])
                }
                try await body(matrix, fabric)
            } catch {
                matrix.stop()
                await fabric.remove()
                throw error
            }
            matrix.stop()
            await fabric.remove()
        }

        private static func load(_ rules: String, in namespace: Namespace) async throws {
            try await Program("nft", ["-f", "-"], namespace: namespace.path).text(input: rules)
        }

        /// Every site to every site, both families, every transport, ports 80 and 81.
        private static var everything: [ProbeExpectation] {
            var list: [ProbeExpectation] = []
            for from in sites {
                for (index, to) in sites.enumerated() {
                    for address in [Fabric.address4(ofNode: index + 1), Fabric.address6(ofNode: index + 1)] {
                        for port: UInt16 in [80, 81] {
                            for transport in [Probe.Transport.tcp, .udp, .sctp] {
                                let probe = Probe(from: from, to: address, transport, port)
                                list.append(.init(probe, isAnswered: true, by: to))
                            }
                        }
                        list.append(.init(Probe(from: from, to: address, .icmp), isAnswered: true))
                    }
                }
            }
            return list
        }

        @Test("see who answers, who refuses and who is silent, in both families, all at once")
        func table() async throws {
            try await Self.withMatrix { matrix, fabric in
                #expect(try await matrix.disagreements(Self.everything).isEmpty)
                try await Self.load(
                    """
                    table inet test {
                        chain input {
                            type filter hook input priority 0;
                            iif lo accept
                            tcp dport 81 drop
                            udp dport 81 drop
                            ct state established accept
                            sctp dport 81 drop
                            tcp dport 80 ip6 saddr \(Fabric.address6(ofNode: 3)) reject with tcp reset
                            icmp type echo-request ip saddr \(Fabric.address4(ofNode: 3)) drop
                        }
                    }
                    """, in: fabric.nodes[0])
                let refused = Probe(from: "c", to: Fabric.address6(ofNode: 1), .tcp, 80)
                let expected = Self.everything.map { expectation in
                    var expectation = expectation
                    let probe = expectation.probe
                    if probe.from != "a",
                        [Fabric.address4(ofNode: 1), Fabric.address6(ofNode: 1)].contains(probe.address)
                    {
                        if probe.port == 81 || probe == refused { expectation.isAnswered = false }
                        if probe.from == "c", probe.transport == .icmp, !probe.address.contains(":") {
                            expectation.isAnswered = false
                        }
                    }
                    return expectation
                }
                #expect(try await matrix.disagreements(expected).isEmpty)
                // The other way round, every cell that changed is told.
                let wrong = try await matrix.disagreements(Self.everything)
                #expect(wrong.count == 14, "\(wrong)")
                let outcomes = try await matrix.run([
                    refused, Probe(from: "b", to: Fabric.address4(ofNode: 2), .tcp, 82),
                    Probe(from: "b", to: Fabric.address6(ofNode: 2), .udp, 82),
                    Probe(from: "b", to: Fabric.address4(ofNode: 1), .tcp, 81),
                ])
                #expect(outcomes == [.refused, .refused, .refused, .silent])
            }
        }

        @Test("are thousands in a fraction of a second")
        func thousands() async throws {
            try await Self.withMatrix { matrix, fabric in
                let many = (0..<40).flatMap { _ in Self.everything }
                let clock = ContinuousClock()
                let start = clock.now
                let wrong = try await matrix.disagreements(many, patience: .seconds(2))
                #expect(wrong.isEmpty, "\(wrong.count) of \(many.count), such as \(wrong.prefix(3))")
                let spent = clock.now - start
                #expect(many.count >= 3000 && spent < .seconds(2), "\(many.count) probes took \(spent)")
            }
        }

        @Test("see through a Service to the pod behind it")
        func service() async throws {
            try await Self.withMatrix { matrix, fabric in
                try await Self.load(
                    """
                    table ip test {
                        chain output {
                            type nat hook output priority -100;
                            ip daddr 10.96.0.1 tcp dport 8080 dnat to \(Fabric.address4(ofNode: 2)):80
                            ip daddr 10.96.0.1 udp dport 8080 dnat to \(Fabric.address4(ofNode: 2)):81
                        }
                    }
                    """, in: fabric.nodes[0])
                let probes = [Probe.Transport.tcp, .udp].map { Probe(from: "a", to: "10.96.0.1", $0, 8080) }
                let expected = probes.map { ProbeExpectation($0, isAnswered: true, by: "b") }
                #expect(try await matrix.disagreements(expected).isEmpty)
            }
        }

        @Test("keep connections that are seen to live, to be cut and to be reset")
        func flows() async throws {
            try await Self.withMatrix { matrix, fabric in
                let probes = [Probe.Transport.tcp, .udp].flatMap { transport in
                    [Fabric.address4(ofNode: 2), Fabric.address6(ofNode: 2)].map {
                        Probe(from: "a", to: $0, transport, 80)
                    }
                }
                let opened = try await matrix.open(probes + [Probe(from: "a", to: "10.0.0.77", .tcp, 80)])
                #expect(opened.last == .some(nil))
                let flows = opened.compactMap { $0 }
                #expect(flows.count == 4)
                #expect(try await matrix.exchange(flows) == [.echoed, .echoed, .echoed, .echoed])
                try await Self.load(
                    "table inet test { chain input { type filter hook input priority 0; meta nfproto ipv6 drop; }; }",
                    in: fabric.nodes[1])
                #expect(try await matrix.exchange(flows) == [.echoed, .silent, .echoed, .silent])
                try await Self.load("delete table inet test", in: fabric.nodes[1])
                try await eventually("the streams go on") {
                    try await matrix.exchange(flows).allSatisfy { $0 == .echoed }
                }
                try await Self.load(
                    """
                    table inet test {
                        chain input {
                            type filter hook input priority 0
                            meta l4proto tcp reject with tcp reset
                        }
                    }
                    """, in: fabric.nodes[1])
                #expect(try await matrix.exchange(flows).filter { $0 == .broken("ECONNRESET") }.count == 2)
                try await matrix.close(flows)
            }
        }

        @Test("count what arrives of a flood, and only that")
        func flood() async throws {
            try await Self.withMatrix { matrix, fabric in
                let counters = try fabric.nodes.map { try ProbeCounter(in: $0.path) }
                let other = try ProbeCounter(in: fabric.nodes[1].path, from: [Fabric.address4(ofNode: 3)])
                let addresses = [Fabric.address4(ofNode: 2), Fabric.address6(ofNode: 2)]
                let flood = try ProbeFlood.start(from: fabric.nodes[0].path, to: addresses, port: 4242, rate: 20_000)
                try await eventually("the flood arrives") { counters[1].count > 400 }
                let start = flood.sent
                try await Task.sleep(for: .milliseconds(500))
                #expect((4_000...11_000).contains(flood.stop() - start), "\(flood.sent - start) in half a second")
                #expect(counters[2].count == 0, "\(counters[2].first)")
                #expect(other.count == 0)
            }
        }
    }
}
