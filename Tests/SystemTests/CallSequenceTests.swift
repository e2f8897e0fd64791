import Testbed
import Testing

extension SystemTests {
    /// ADD and DEL in every order and number that runtimes call them in, on one node.
    ///
    /// After each, agent, journal and kernel have to agree on what there is.
    @Suite("Sequences of calls")
    struct CallSequenceTests {
        @Test("ADD gives the pod its addresses, CHECK holds, DEL takes everything back")
        func addCheckDelete() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                let pod = try await node.makePod()
                let answer = try await pod.call("ADD").run().checked()
                #expect(answer.addresses.count == 2)
                #expect(answer.document?.interfaces?.contains { $0.name == "eth0" && $0.sandbox != nil } == true)
                try await node.agrees(expecting: [(pod, answer.addresses)])
                let check = pod.call("CHECK").with(input: pod.config(afterResult: answer.result.text))
                try await check.run().checked()

                try await IPRoute2.batch(["address flush dev eth0"], in: pod.namespace)
                let broken = try await check.run()
                #expect((broken.code ?? 0) >= 100, "CHECK has to notice a missing address: \(broken)")

                try await pod.delete()
                try await node.agrees()
                #expect(try await check.run().code == 3)
            }
        }

        static let versions = ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"]

        @Test("Answers follow the version that was asked for")
        func answersFollowVersion() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                for version in Self.versions {
                    var pod = try await cluster.nodes[0].makePod()
                    pod.cniVersion = version
                    let answer = try await pod.call("ADD").run().checked()
                    let document = try #require(answer.document)
                    #expect(document.cniVersion == version)
                    let versions = document.ips?.compactMap(\.version)
                    #expect(versions == (version.hasPrefix("0.") ? ["4", "6"] : []), "\(version): \(answer)")
                    let inside = document.interfaces?.firstIndex { $0.sandbox == pod.namespace.path }
                    #expect(inside != nil, "\(version): \(answer)")
                    #expect(document.ips?.allSatisfy { $0.interface == inside } == true, "\(version): \(answer)")
                    try await pod.delete()
                }
            }
        }

        @Test("ADD repeated gives the same result; DEL repeated, before ADD, or without its namespace succeeds")
        func repetitions() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                let pod = try await node.makePod()
                try await pod.delete()
                try await node.agrees()

                let first = try await pod.call("ADD").run().checked()
                let second = try await pod.call("ADD").run().checked()
                #expect(first.result.text == second.result.text)
                try await node.agrees(expecting: [(pod, first.addresses)])

                try await pod.delete()
                try await pod.delete()
                try await node.agrees()

                // As containerd does about a minute after the sandbox has gone.
                let third = try await pod.add()
                #expect(third.count == 2)
                try await pod.call("DEL").with("CNI_NETNS", "").run().checked()
                try await node.agrees()

                try await pod.add()
                try await pod.call("DEL").with("CNI_NETNS", nil).run().checked()
                try await node.agrees()
            }
        }

        @Test("DEL succeeds and frees everything after the namespace has vanished")
        func namespaceVanished() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                let pod = try await node.makePod()
                try await pod.add()
                await Namespace.delete([pod.namespace])
                // The kernel takes the pair away with the namespace, a moment later.
                try await eventually("the link is gone") {
                    try await KernelState(of: node.site.namespace).podLinks.isEmpty
                }
                try await pod.delete()
                try await node.agrees()
            }
        }

        @Test("ADD is refused when the interface name is taken, and leaves what was there alone")
        func interfaceNameTaken() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                let pod = try await node.makePod()
                try await IPRoute2.batch(["link add eth0 type bridge"], in: pod.namespace)
                let answer = try await pod.call("ADD").run()
                #expect(!answer.isSuccess)
                #expect((answer.code ?? 0) >= 100, "\(answer)")
                #expect(answer.document?.msg?.contains("eth0") == true, "\(answer)")
                let inside = try await KernelState(of: pod.namespace)
                #expect(inside.links.map(\.ifname).sorted() == ["eth0", "lo"])
                try await node.agrees()

                try await IPRoute2.batch(["link delete eth0"], in: pod.namespace)
                let addresses = try await pod.add()
                try await node.agrees(expecting: [(pod, addresses)])
            }
        }

        @Test("One container may have two interfaces; DEL of one leaves the other")
        func twoInterfaces() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                let pod = try await node.makePod()
                var other = pod
                other.interface = "net1"
                let first = try await pod.add()
                let second = try await other.add()
                #expect(Set(first).isDisjoint(with: second))
                try await node.agrees(expecting: [(pod, first), (other, second)])
                let neighbour = try await node.makePod()
                try await neighbour.add()
                try await neighbour.ping(first + second)
                try await neighbour.delete()

                try await other.delete()
                try await node.agrees(expecting: [(pod, first)])
                try await pod.delete()
                try await node.agrees()
            }
        }

        @Test("ADD into the node's own namespace is refused")
        func ownNamespace() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                let pod = try await node.makePod()
                let answer = try await pod.call("ADD").with("CNI_NETNS", node.site.namespace?.path).run()
                #expect(answer.code == 8, "\(answer)")
                let notOne = try await pod.call("ADD").with("CNI_NETNS", "/etc/hostname").run()
                #expect(notOne.code == 8 || notOne.code == 4, "\(notOne)")
                try await node.agrees()
            }
        }
    }
}
