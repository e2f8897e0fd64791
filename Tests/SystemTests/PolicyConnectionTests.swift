import Addresses
import Policies
import PolicyCases
import Testbed
import Testing

extension SystemTests {
    @Suite(
        "Policies and connections",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"))
    struct PolicyConnectionTests {
        private static func policy(_ namespace: String, _ name: String, _ spec: (inout NetworkPolicy) -> Void)
            -> PolicyChange
        {
            var policy = NetworkPolicy(namespace: namespace, name: name)
            spec(&policy)
            return .put(policy)
        }

        private static let podA = LabelSelector(matchLabels: ["pod": "a"])
        private static func namespace(_ name: String) -> NetworkPolicy.Peer {
            .pods(namespaces: LabelSelector(matchLabels: ["ns": name]), pods: nil)
        }

        /// Flows over TCP and UDP between pods, in both families.
        private static func open(_ pairs: [(String, String)], on stage: PolicyStage) async throws -> [ProbeFlow] {
            let probes = pairs.flatMap { from, to in
                stage.addresses(of: to).flatMap { address in
                    [Probe(from: from, to: address, .tcp, 80), Probe(from: from, to: address, .udp, 80)]
                }
            }
            let flows = try await stage.matrix.open(probes, patience: .seconds(2))
            #expect(flows.count { $0 == nil } == 0)
            return flows.compactMap { $0 }
        }

        /// Waits until exactly those flows are cut that the policies do not allow any more.
        private static func expectCut(_ flows: [ProbeFlow], on stage: inout PolicyStage) async throws {
            #expect(try await stage.disagreements().isEmpty)
            let allowed = flows.map { stage.allows($0.probe) }
            var echoes: [ProbeEcho] = []
            try await eventually("flows that are forbidden are cut") {
                echoes = try await stage.matrix.exchange(flows)
                return zip(allowed, echoes).allSatisfy { $0 || $1 != .echoed }
            }
            for (flow, (isAllowed, echo)) in zip(flows, zip(allowed, echoes)) {
                #expect((echo == .echoed) == isAllowed, "\(flow): \(echo)")
            }
        }

        private static let pairs = [
            ("y/a", "x/a"), ("y/b", "x/a"), ("z/a", "x/a"), ("x/b", "x/a"), ("x/a", "y/c"), ("x/a", "z/b"),
            ("z/b", "y/b"), ("x/c", "x/a"),
        ]

        @Test("A change cuts the connections that it forbids, and no others")
        func cut() async throws {
            try await PolicyStage.run { stage in
                let flows = try await Self.open(Self.pairs, on: stage)
                try await Self.expectCut(flows, on: &stage)
                // Peers are taken away, then a port's neighbour is let in, then a direction is closed.
                try await stage.make([
                    Self.policy("x", "in") {
                        $0.podSelector = Self.podA
                        $0.ingress = [.init(peers: [Self.namespace("y"), .pods(namespaces: nil, pods: .init())])]
                    }
                ])
                try await Self.expectCut(flows, on: &stage)
                try await stage.make([
                    Self.policy("x", "in") {
                        $0.podSelector = Self.podA
                        $0.ingress = [
                            .init(peers: [Self.namespace("y")], ports: [.init(.tcp, .number(80))]),
                            .init(peers: [.pods(namespaces: nil, pods: .init())], ports: [.init(.udp)]),
                        ]
                    }
                ])
                try await Self.expectCut(flows, on: &stage)
                try await stage.make([
                    Self.policy("x", "out") {
                        $0.podSelector = Self.podA
                        $0.policyTypes = [.egress]
                        $0.egress = [.init(peers: [Self.namespace("y")])]
                    }
                ])
                try await Self.expectCut(flows, on: &stage)
                // A member leaves the group that allowed it: a label is enough.
                try await stage.make([.labelNamespace("y", [:])])
                try await Self.expectCut(flows, on: &stage)
                try await stage.matrix.close(flows)
            }
        }

        @Test("With --keep-connections they go on, and new ones are refused")
        func kept() async throws {
            try await PolicyStage.run({ $0.agentOptions.append("--keep-connections") }) { stage in
                let flows = try await Self.open(Self.pairs, on: stage)
                try await stage.make([Self.policy("x", "none") { $0.policyTypes = [.ingress, .egress] }])
                #expect(try await stage.disagreements().isEmpty)
                let echoes = try await stage.matrix.exchange(flows, patience: .seconds(1))
                #expect(echoes.allSatisfy { $0 == .echoed }, "\(echoes)")
                try await stage.matrix.close(flows)
            }
        }

        @Test("Replies pass, and so do ICMP errors about what was allowed")
        func replies() async throws {
            try await PolicyStage.run { stage in
                try await stage.make([
                    Self.policy("x", "one way") {
                        $0.name = "one-way"
                        $0.policyTypes = [.ingress, .egress]
                        $0.egress = [.init(peers: [Self.namespace("y")])]
                    },
                    Self.policy("y", "in") { $0.ingress = [.init(peers: [Self.namespace("x")])] },
                    Self.policy("y", "out") { $0.policyTypes = [.egress] },
                ])
                #expect(try await stage.disagreements().isEmpty)
                // Nobody listens on 4000: the refusal is an ICMP error for UDP, a reset for TCP.
                for pod in ["y/a", "y/b"] {
                    for address in stage.addresses(of: pod) {
                        let outcomes = try await stage.matrix.run(
                            [
                                Probe(from: "x/a", to: address, .udp, 4000),
                                Probe(from: "x/a", to: address, .tcp, 4000),
                                Probe(from: "x/a", to: address, .icmp),
                                Probe(from: "y/a", to: stage.addresses(of: "x/a")[0], .icmp),
                            ], patience: .milliseconds(500))
                        #expect(
                            outcomes == [.refused, .refused, .answered(by: nil), .silent], "\(pod) at \(address)")
                    }
                }
            }
        }

        @Test("Policy looks through a Service at the pod behind it, and a pod reaches itself by one")
        func services() async throws {
            try await PolicyStage.run { stage in
                let services = ["y/b": ("10.96.0.10", "fd96::10"), "x/a": ("10.96.0.11", "fd96::11")]
                try await Self.serve(services, on: stage)
                func expect(_ from: String, _ service: String, reaches: Bool) async throws {
                    let addresses = services[service].map { [$0.0, $0.1] } ?? []
                    let wrong = try await stage.matrix.disagreements(
                        addresses.flatMap { address in
                            [Probe.Transport.tcp, .udp].map {
                                ProbeExpectation(
                                    Probe(from: from, to: address, $0, 8080), isAnswered: reaches, by: service)
                            }
                        })
                    #expect(wrong.isEmpty, "\(wrong)")
                }
                func allow(_ peer: NetworkPolicy.Peer) async throws {
                    try await stage.make([
                        Self.policy("x", "out") {
                            $0.podSelector = Self.podA
                            $0.policyTypes = [.ingress, .egress]
                            $0.egress = [.init(peers: [peer], ports: [.init(.tcp, .number(80)), .init(.udp)])]
                        }
                    ])
                    #expect(try await stage.disagreements().isEmpty)
                }
                try await expect("x/a", "y/b", reaches: true)
                try await allow(Self.namespace("y"))
                try await expect("x/a", "y/b", reaches: true)
                try await expect("x/c", "x/a", reaches: false)
                try await allow(Self.namespace("z"))
                try await expect("x/a", "y/b", reaches: false)
                // The Service's own address is nobody's when policy is asked.
                if let block = IPPrefix("10.96.0.0/16") { try await allow(.block(block, except: [])) }
                try await expect("x/a", "y/b", reaches: false)
                // A pod reaches itself, and its node reaches it, whatever is forbidden.
                try await expect("x/a", "x/a", reaches: true)
                try await expect("node:node1", "x/a", reaches: true)
                // A port of the node is no way around policy.
                try await expect("x/b", "x/a", reaches: false)
            }
        }

        /// Has both nodes translate Services' addresses, port 8080, to port 80 of the pods behind them.
        private static func serve(_ services: [String: (String, String)], on stage: PolicyStage) async throws {
            var rules = ""
            for (pod, service) in services.sorted(by: { $0.key < $1.key }) {
                for address in stage.addresses(of: pod) {
                    let isIPv4 = !address.contains(":")
                    let family = isIPv4 ? "ip" : "ip6"
                    let target = isIPv4 ? "\(address):80" : "[\(address)]:80"
                    for transport in ["tcp", "udp"] {
                        rules += """
                            \(family) daddr \(isIPv4 ? service.0 : service.1) \(transport) dport 8080 \
                            dnat \(family) to \(target)

                            """
                    }
                }
            }
            let table = """
                table inet services {
                    chain translate { \(rules) }
                    chain prerouting { type nat hook prerouting priority -100; jump translate; }
                    chain output { type nat hook output priority -100; jump translate; }
                }
                """
            for node in stage.cluster.nodes {
                try await Program("nft", ["-f", "-"], namespace: node.site.namespace?.path).text(input: table)
            }
        }
    }
}

extension PolicyStage {
    /// The addresses of a pod such as `x/a`.
    func addresses(of pod: String) -> [String] {
        PolicyOracle.Endpoint(pod).map { world.oracle.addresses(of: $0).map { "\($0)" } } ?? []
    }

    /// Whether the oracle allows a probe between pods.
    func allows(_ probe: Probe) -> Bool {
        guard let from = PolicyOracle.Endpoint(probe.from), let to = PolicyOracle.Endpoint(probe.address),
            let traffic = PolicyOracle.Traffic("\(probe.transport)/\(probe.port)", family: .ipv4)
        else { return false }
        return world.oracle.judge(from: from, to: to, traffic)?.isAllowed ?? false
    }
}
