import Glibc
import Testbed
import Testing

extension SystemTests {
    /// What a runtime asks for by the capability `portMappings`.
    @Suite("Ports of the node")
    struct PortMappingTests {
        private static func mappings(_ list: String...) -> String {
            #"{"portMappings": [\#(list.joined(separator: ", "))]}"#
        }

        private static func mapping(
            _ hostPort: Int, _ transport: String = "tcp", to containerPort: Int = 80, hostIP: String? = nil
        ) -> String {
            let own = hostIP.map { #", "hostIP": "\#($0)""# } ?? ""
            return
                #"{"hostPort": \#(hostPort), "containerPort": \#(containerPort), "protocol": "\#(transport)"\#(own)}"#
        }

        private static func probes(
            from sites: [String], to addresses: [String], _ port: UInt16, _ transports: [Probe.Transport] = [.tcp]
        ) -> [Probe] {
            sites.flatMap { site in
                addresses.flatMap { address in transports.map { Probe(from: site, to: address, $0, port) } }
            }
        }

        @Test("lead to the pod that asked, from everywhere and in both families, and SCTP is among the rules")
        func everywhere() async throws {
            try await TrafficStage.run { stage in
                try await stage.attach("b", on: 1)
                try await stage.attach("c", on: 2)
                try await stage.attach(
                    "a", on: 1,
                    Self.mappings(
                        Self.mapping(8080), Self.mapping(8080, "udp", to: 81), Self.mapping(8082, "sctp"),
                        Self.mapping(8083, "TCP", to: 81)))
                let open = Self.probes(
                    from: ["node1", "node2", "outside", "a", "b", "c"], to: TrafficStage.node1, 8080, [.tcp, .udp])
                let local = Self.probes(from: ["node1"], to: ["127.0.0.1"], 8080, [.tcp, .udp])
                try await stage.expect(open + local, answeredBy: "a")
                try await stage.expect(
                    Self.probes(from: ["node2", "outside", "b"], to: TrafficStage.node1, 8083), answeredBy: "a")
                // Other transports of the same port, other nodes and pods are not meant.
                try await stage.expect(
                    Self.probes(from: ["node2", "b"], to: TrafficStage.node1, 8080, [.sctp])
                        + Self.probes(from: ["node1", "b", "c"], to: TrafficStage.node2, 8080, [.tcp, .udp])
                        + Self.probes(from: ["a", "c"], to: stage.addresses("b"), 8080, [.tcp, .udp]),
                    answeredBy: nil)
                for (map, address) in zip(["mapped-ports4", "mapped-ports6"], stage.addresses("a")) {
                    let listed = try await stage.nft("list map inet romana \(map)")
                    #expect(listed.contains("sctp . 8082 : \(address) . 80"), "\(listed)")
                }
                try await stage.expect(
                    Self.probes(from: ["node2", "outside", "b"], to: TrafficStage.node1, 8082, [.sctp]), answeredBy: "a"
                )

                // With the agent they do not end, and the next one knows them.
                await stage.cluster.nodes[0].crashAgent()
                try await stage.expect(open + local, answeredBy: "a")
                try await stage.cluster.restartAgent(of: stage.cluster.nodes[0])
                try await stage.expect(open + local, answeredBy: "a")
                try await stage.detach("a")
                try await stage.expect((open + local).filter { $0.from != "a" }, answeredBy: nil)
                for node in stage.cluster.nodes {
                    let pods = stage.pods.values.filter { $0.pod.node == node.site }
                    try await node.agrees(expecting: Array(pods))
                }
            }
        }

        @Test("answer at the address that was asked for, or at all of its family")
        func hostAddress() async throws {
            try await TrafficStage.run { stage in
                let (own, second) = (TrafficStage.node1, ["10.0.0.101", "fd00::101"])
                try await IPRoute2.batch(
                    ["address add 10.0.0.101/24 dev eth0", "address add fd00::101/64 dev eth0 nodad"],
                    in: stage.cluster.fabric.nodes[0])
                try await stage.attach(
                    "a", on: 1,
                    Self.mappings(
                        Self.mapping(8080, hostIP: second[0]), Self.mapping(8080, hostIP: second[1]),
                        Self.mapping(8081, hostIP: "0.0.0.0"), Self.mapping(8082, hostIP: "::"),
                        Self.mapping(8083, hostIP: "127.0.0.1")))
                try await stage.attach(
                    "b", on: 1, Self.mappings(Self.mapping(8080, hostIP: own[0]), Self.mapping(8083)))
                func expect(_ port: UInt16, _ addresses: [String], by site: String?) async throws {
                    let from = ["node1", "node2", "outside", "a", "b"]
                    try await stage.expect(Self.probes(from: from, to: addresses, port), answeredBy: site)
                }
                try await expect(8080, second, by: "a")
                try await expect(8080, [own[0]], by: "b")
                try await expect(8080, [own[1]], by: nil)
                try await expect(8081, [own[0], second[0]], by: "a")
                try await expect(8081, [own[1], second[1]], by: nil)
                try await expect(8082, [own[1], second[1]], by: "a")
                try await expect(8082, [own[0], second[0]], by: nil)
                // An address of its own comes before all of them.
                try await expect(8083, own + second, by: "b")
                try await stage.expect(Self.probes(from: ["node1"], to: ["127.0.0.1"], 8083), answeredBy: "a")
                try await stage.expect(Self.probes(from: ["node1"], to: ["127.0.0.1"], 8080), answeredBy: nil)
            }
        }

        @Test("take nothing that only passes through the node to somebody else's port (CVE-2025-67499)")
        func passingBy() async throws {
            try await TrafficStage.run { stage in
                try await stage.attach(
                    "a", on: 1, Self.mappings(Self.mapping(80, to: 81), Self.mapping(80, "udp", to: 81)))
                try await stage.attach("b", on: 1)
                // Node 2 sends what is for outside by way of node 1.
                try await IPRoute2.batch(
                    zip(OutsideHost.addresses, TrafficStage.node1).map { "route add \($0) via \($1)" },
                    in: stage.cluster.fabric.nodes[1])
                try await stage.expect(
                    Self.probes(from: ["b", "node1", "node2"], to: OutsideHost.addresses, 80, [.tcp, .udp]),
                    answeredBy: "outside")
                try await stage.expect(
                    Self.probes(from: ["b", "node1"], to: TrafficStage.node2, 80, [.tcp, .udp]), answeredBy: "node2")
                try await stage.expect(
                    Self.probes(from: ["a", "node1"], to: stage.addresses("b"), 80, [.tcp, .udp]), answeredBy: "b")
                try await stage.expect(
                    Self.probes(from: ["b", "node2", "outside"], to: TrafficStage.node1, 80, [.tcp, .udp]),
                    answeredBy: "a")
            }
        }

        @Test("belong to one pod at a time: another is refused by name until the first is gone, restarts or not")
        func conflict() async throws {
            try await TrafficStage.run { stage in
                let wish = Self.mappings(Self.mapping(8080), Self.mapping(8080, "udp"))
                try await stage.attach("a", on: 1, wish)
                let first = try stage.pod("a")
                let second = try await stage.makePod("b", on: 1)
                func expectRefusal() async throws {
                    let answer = try await second.call("ADD", Self.mappings(Self.mapping(8080))).run()
                    #expect(answer.code == 11, "\(answer)")
                    let message = answer.document?.msg ?? ""
                    #expect(message.contains("8080") && message.contains(first.containerID), "\(message)")
                    // What runtimes do next; the port is not the second's to give up.
                    try await second.delete()
                    try await stage.expect(
                        Self.probes(from: ["node2", "outside"], to: TrafficStage.node1, 8080, [.tcp, .udp]),
                        answeredBy: "a")
                }
                try await expectRefusal()
                try await stage.cluster.restartAgent(of: stage.cluster.nodes[0])
                try await expectRefusal()
                try await stage.detach("a")
                let addresses = try await second.call("ADD", wish).run().checked().addresses
                try await stage.admit("b", second, addresses)
                try await stage.expect(
                    Self.probes(from: ["node2", "outside"], to: TrafficStage.node1, 8080, [.tcp, .udp]), answeredBy: "b"
                )
                try await stage.cluster.nodes[0].agrees(expecting: [(second, addresses)])
            }
        }

        @Test("go to one pod only, however many ask at the same time")
        func race() async throws {
            try await TrafficStage.run { stage in
                let wish = Self.mappings(Self.mapping(8080))
                let pods = try await stage.cluster.nodes[0].makePods(12)
                // The agent finds all of them waiting, and serves them together.
                stage.cluster.nodes[0].agent?.send(SIGSTOP)
                async let asked = pods.concurrently(12) { try await $0.call("ADD", wish).run() }
                try await Task.sleep(for: .milliseconds(500))
                stage.cluster.nodes[0].agent?.send(SIGCONT)
                let answers = try await asked
                let winners = zip(pods, answers).filter(\.1.isSuccess)
                #expect(winners.count == 1 && answers.allSatisfy { $0.isSuccess || $0.code == 11 }, "\(answers)")
                guard let (winner, answer) = winners.first else { return }
                try await stage.admit("winner", winner, answer.addresses)
                _ = try await pods.filter { $0 != winner }.concurrently(12) { try await $0.delete() }
                try await stage.expect(
                    Self.probes(from: ["node2", "outside"], to: TrafficStage.node1, 8080), answeredBy: "winner")
                try await stage.cluster.nodes[0].agrees(expecting: [(winner, answer.addresses)])
            }
        }

        @Test("take over datagrams that were on their way before there was a pod, or for the one before")
        func datagrams() async throws {
            try await TrafficStage.run { stage in
                // Clients of datagrams that hear nothing go on: nobody tells them that there is nobody.
                try await Program("nft", ["-f", "-"], namespace: stage.cluster.fabric.nodes[0].path).text(
                    input: """
                        table inet silence {
                            chain output {
                                type filter hook output priority 0
                                icmp type destination-unreachable drop
                                icmpv6 type destination-unreachable drop
                            }
                            chain input {
                                type filter hook input priority 0
                                udp dport 8080 counter
                            }
                        }
                        """)
                let wish = Self.mappings(Self.mapping(8080, "udp"))
                try await stage.attach("a", on: 1, wish)
                let probes = Self.probes(from: ["node2", "outside"], to: TrafficStage.node1, 8080, [.udp])
                let flows = try await stage.matrix.open(probes).compactMap { $0 }
                #expect(flows.count == probes.count)
                try await stage.detach("a")
                try await eventually("the node itself gets what nobody has any more") {
                    _ = try await stage.matrix.exchange(flows)
                    return try await !stage.nft("list chain inet silence input").contains("packets 0 ")
                }
                #expect(try await stage.matrix.exchange(flows).allSatisfy { $0 == .silent })
                try await stage.attach("b", on: 1, wish)
                try await eventually("flows that go on reach the new pod", within: .seconds(5)) {
                    try await stage.matrix.exchange(flows).allSatisfy { $0 == .echoed }
                }
                try await stage.matrix.close(flows)
            }
        }

        @Test("are not asked for by runtimes that know no capabilities, and nonsense is refused by the field's name")
        func withoutCapabilities() async throws {
            try await TrafficStage.run { stage in
                var pod = try await stage.makePod("a", on: 1)
                pod.cniVersion = "0.3.1"
                let old = pod.config.replacing(
                    #", "capabilities": {"portMappings": true, "bandwidth": true}"#, with: "")
                #expect(!old.contains("capabilities"))
                let addresses = try await pod.call("ADD").with(input: old).run().checked().addresses
                try await stage.admit("a", pod, addresses)
                try await stage.expect(
                    Self.probes(from: ["node1", "node2", "outside"], to: addresses, 80).filter { $0.from != "outside" },
                    answeredBy: "a")
                try await pod.call("DEL").with(input: old).run().checked()
                for (wrong, field) in [
                    (Self.mapping(70_000), "hostPort"), (Self.mapping(0), "hostPort"),
                    (Self.mapping(80, "icmp"), "protocol"), (Self.mapping(80, to: 0), "containerPort"),
                    (Self.mapping(80, hostIP: "node"), "hostIP"),
                ] {
                    let answer = try await pod.call("ADD", Self.mappings(wrong)).run()
                    #expect(answer.code == 7 && answer.document?.msg?.contains(field) ?? false, "\(answer)")
                }
                try await stage.cluster.nodes[0].agrees()
            }
        }
    }
}
