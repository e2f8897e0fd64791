import Testbed
import Testing

extension SystemTests {
    /// The agent is killed at every step of ADD and DEL; see `FaultPoint` for what the names mean.
    @Suite("An agent killed halfway")
    struct CrashPointTests {
        static let additionPoints = [
            "add-received", "add-intent", "add-addresses", "add-veth", "add-pod-configured", "add-host-configured",
            "add-committed", "add-answered",
        ]
        static let deletionPoints = [
            "del-received", "del-intent", "del-unrouted", "del-down", "del-committed", "del-answered", "reap-before",
            "reap-after",
        ]

        @Test("through ADD leaves a whole pod or none, and the next ADD succeeds")
        func crashInAddition() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                let bystander = try await node.makePod()
                let standing = (pod: bystander, addresses: try await bystander.add())
                for point in Self.additionPoints {
                    try await cluster.restartAgent(of: node, fault: point)
                    let pod = try await node.makePod()
                    let answer = try await pod.call("ADD").run()
                    #expect(answer.isSuccess || answer.code == 11, "\(point): \(answer)")
                    try await eventually("\(point) is passed") { node.agent?.status == .signaled(9) }

                    try await cluster.restartAgent(of: node)
                    // Found after the restart: a pod that was committed, or nothing of it.
                    let report = try await node.report()
                    let found = report.attachments.first { $0.containerID == pod.containerID }
                    if answer.isSuccess { #expect(found?.addresses == answer.addresses, "\(point)") }
                    let remembered = found.map { [(pod: pod, addresses: $0.addresses)] } ?? []
                    try await node.agrees(expecting: [standing] + remembered)

                    // A runtime takes a failed ADD back before it tries again.
                    if !answer.isSuccess { try await pod.delete() }
                    let addresses = try await pod.add()
                    try await node.agrees(expecting: [standing, (pod, addresses)])
                    try await bystander.ping(addresses)
                    try await pod.delete()
                    try await node.agrees(expecting: [standing])
                }
            }
        }

        @Test("through DEL leaves nothing once DEL is repeated", arguments: [true, false])
        func crashInDeletion(keepingNamespace: Bool) async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                let bystander = try await node.makePod()
                let standing = (pod: bystander, addresses: try await bystander.add())
                for point in Self.deletionPoints {
                    try await cluster.restartAgent(of: node, fault: point)
                    let pod = try await node.makePod()
                    try await pod.add()
                    let answer = try await pod.call("DEL").run()
                    #expect(answer.isSuccess || answer.code == 11, "\(point): \(answer)")
                    try await eventually("\(point) is passed") { node.agent?.status == .signaled(9) }
                    if !keepingNamespace { await Namespace.delete([pod.namespace]) }

                    try await cluster.restartAgent(of: node)
                    if !answer.isSuccess { try await pod.delete() }
                    try await node.agrees(expecting: [standing])
                }
                let other = try await node.makePod()
                let addresses = try await other.add()
                try await bystander.ping(addresses)
            }
        }
    }
}
