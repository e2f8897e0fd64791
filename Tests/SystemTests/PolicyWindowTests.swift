import Addresses
import Policies
import PolicyCases
import Testbed
import Testing

extension SystemTests {
    @Suite(
        "Policies and pods that start",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"))
    struct PolicyWindowTests {
        /// How many pods start, half of them on each node.
        private static let count = 200

        /// A pod of namespace `w` whose arrivals have been counted since before it had a link.
        private struct Watched: Sendable {
            let pod: Pod
            let counter: ProbeCounter
        }

        @Test("Not one packet of a flood reaches a pod before policy allows it, however many start at once")
        func flood() async throws {
            try await PolicyStage.run({ layout in
                // All pods of a node in one block, so that the flood knows their addresses before they do.
                layout.topology = TopologyText.racks(.dual, blockMask4: 24, blockMask6: 120)
            }) { stage in
                try await stage.kubernetes.create(KubernetesManifest.namespace("w", labels: ["ns": "w"]))
                let deny = KubernetesManifest.networkPolicy("deny", in: "w", spec: #"{"podSelector": {}}"#)
                try await stage.kubernetes.create(deny)
                let pods = try await Self.prepare(on: stage)
                let first = try await Self.untilHandled(stage)
                let floods = try await Self.floods(on: stage, around: first)
                defer { floods.forEach { $0.stop() } }
                let kubernetes = stage.kubernetes
                _ = try await pods.concurrently(8) { watched in
                    // As the scheduler and the kubelet do it: the labels may come only just before the ADD.
                    var pod = watched.pod
                    let object = Self.object(pod)
                    pod.uid = try await kubernetes.create(object)
                    let addresses = try await pod.addPersistently()
                    try await kubernetes.patch(
                        object, KubernetesManifest.status(phase: "Running", addresses: addresses), part: "status")
                }
                try await Task.sleep(for: .seconds(1))
                let reached = pods.filter { $0.counter.count > 0 }
                #expect(
                    reached.isEmpty,
                    "\(reached.count) pods were reached, such as by \(reached.first?.counter.first ?? "nothing")")

                // All of them were aimed at: as soon as policy allows it, every one is hit.
                let allow = KubernetesManifest.networkPolicy(
                    "allow", in: "w", spec: #"{"podSelector": {}, "ingress": [{}]}"#)
                try await kubernetes.create(allow)
                try await eventually("the flood reaches every pod", within: .seconds(30)) {
                    pods.allSatisfy { $0.counter.count > 0 }
                }
                for flood in floods { #expect(flood.stop() > 10_000) }
                _ = try await pods.concurrently(8) { try await $0.pod.deletePersistently() }
            }
        }

        @Test("A pod whose labels are not known is not let in, and is as soon as they are")
        func unknownLabels() async throws {
            try await PolicyStage.run { stage in
                var pod = try await stage.cluster.nodes[0].makePod(tenant: "x")
                pod.name = "late"
                let refused = try await pod.call("ADD").run()
                #expect(refused.code == 11, "\(refused)")
                try await pod.deletePersistently()
                try await stage.cluster.nodes[0].agrees(expecting: stage.attached(on: 0))

                let object = KubernetesManifest.pod("late", in: "x", on: stage.cluster.nodes[0].name)
                pod.uid = try await stage.kubernetes.create(object)
                let addresses = try await pod.addPersistently()
                try await stage.cluster.nodes[0].agrees(expecting: stage.attached(on: 0) + [(pod, addresses)])
                try await pod.delete()
            }
        }

        private static func object(_ pod: Pod) -> KubernetesObject {
            KubernetesManifest.pod(pod.name, in: "w", on: pod.node.name, labels: ["app": "w"])
        }

        private static func prepare(on stage: PolicyStage) async throws -> [Watched] {
            var pods: [Watched] = []
            for node in stage.cluster.nodes {
                for pod in try await node.makePods(count / 2, tenant: "w") {
                    var pod = pod
                    pod.name = "\(node.name)-\(pod.name)"
                    pods.append(Watched(pod: pod, counter: try ProbeCounter(in: pod.namespace.path)))
                }
            }
            // Both nodes at the same time.
            return pods.indices.map { pods[$0 % 2 * (count / 2) + $0 / 2] }
        }

        /// Waits until the policy has been handled, which a pod of its namespace on each node shows.
        ///
        /// - Returns: the addresses that it had, and the number of its node.
        private static func untilHandled(_ stage: PolicyStage) async throws -> [(number: Int, address: IPAddress)] {
            var first: [(number: Int, address: IPAddress)] = []
            for node in stage.cluster.nodes {
                var pod = try await node.makePod(tenant: "w")
                pod.name = "first-\(node.name)"
                pod.uid = try await stage.kubernetes.create(object(pod))
                let addresses = try await pod.addPersistently()
                let site = "w/\(pod.name)"
                try await stage.matrix.add(site, namespace: pod.namespace.path)
                try await stage.matrix.serve(site, tcp: [80], udp: [])
                let probes = addresses.map { Probe(from: "x/a", to: $0, .tcp, 80) }
                try await eventually("nobody reaches a pod under a policy that denies all") {
                    try await stage.matrix.run(probes).allSatisfy { $0 == .silent }
                }
                try await pod.delete()
                try await stage.kubernetes.delete(object(pod))
                first += addresses.compactMap { IPAddress($0) }.map { (node.site.number, $0) }
            }
            return first
        }

        /// Floods from a pod on each node and from outside, at all addresses that pods may get: those of the blocks that
        /// the first ones were in.
        private static func floods(
            on stage: PolicyStage, around first: [(number: Int, address: IPAddress)]
        ) async throws -> [ProbeFlood] {
            var targets: [String] = []
            for (number, address) in first {
                let isIPv4 = address.family == .ipv4
                guard let block = IPPrefix(address, length: isIPv4 ? 24 : 120) else { continue }
                let hop = isIPv4 ? Fabric.address4(ofNode: number) : Fabric.address6(ofNode: number)
                try await IPRoute2.batch(["route replace \(block) via \(hop)"], in: stage.cluster.fabric.namespace)
                targets += (0..<UInt128(count / 2 + 8)).compactMap { index in
                    block.subprefix(index, length: isIPv4 ? 32 : 128).map { "\($0.address)" }
                }
            }
            let sources = [
                stage.pods["y/a"]?.namespace, stage.pods["y/b"]?.namespace, stage.cluster.fabric.namespace,
            ].compactMap { $0 }
            return try sources.map { source in
                try ProbeFlood.start(from: source.path, to: targets, port: 4242, rate: 15_000)
            }
        }
    }
}

extension PolicyStage {
    /// The pods on a node, the first being 0, as its agent should know them.
    func attached(on index: Int) -> [(pod: Pod, addresses: [String])] {
        world.oracle.pods.map(\.record).compactMap { record in
            guard let pod = pods["\(record.namespace)/\(record.name)"], pod.node == cluster.nodes[index].site else {
                return nil
            }
            return (pod, record.addresses.map { "\($0)" })
        }
    }
}
