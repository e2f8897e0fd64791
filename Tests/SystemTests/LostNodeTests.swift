import CNIProtocol
import Glibc
import KubeletDriver
import Testbed
import Testing

extension SystemTests {
    @Suite(
        "A node of a Kubernetes cluster",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"),
        .enabled(if: ContainerdTests.isRoot, "containerd needs the machine's root: sudo make test"))
    struct LostNodeTests {
        @Test(
            "whose agent is held still hands its duties on and comes back clean; one that is cut off, unlike one that is restarted, keeps its pods' addresses"
        )
        func absence() async throws {
            var layout = KubernetesCluster.Layout()
            layout.manners = .hasty
            try await KubernetesCluster.run(layout) { cluster in
                let manifest = try #require(TextFile.read("\(ContainerdTests.scripts)/../specs/romana-daemonset.yml"))
                // An address that is free is taken at once: nobody is saved by its rest.
                try await cluster.install(manifest, options: ["--block-cooldown=0"])
                try await cluster.untilRolledOut("romana-agent", in: "kube-system")
                try await cluster.untilNodesAreReady()
                var traffic = try ClusterTraffic(in: cluster)
                defer { traffic.matrix.stop() }
                for number in 1...3 {
                    let pod = KubernetesCluster.pod("a\(number)", on: "node\(number)", labels: ["app": "a\(number)"])
                    try await cluster.kubernetes.create(pod)
                }
                try await traffic.join(["a1", "a2", "a3"])
                try await traffic.settles()
                try await Self.pause(cluster, &traffic)
                try await Self.crash(cluster, &traffic)
                try await Self.restart(cluster, &traffic)
                try await Self.cutOff(cluster, &traffic)
            }
        }

        /// Holds the agent still that listens to the API for all, for longer than its lease.
        private static func pause(_ cluster: KubernetesCluster, _ traffic: inout ClusterTraffic) async throws {
            let holder = try await cluster.holder(of: "listener")
            let number = try #require(cluster.machines.first { holder.hasPrefix($0.name) }).number
            let agent = try await cluster.agent(on: number)
            let others = [1, 2, 3].filter { $0 != number }
            let pairs = [("a\(number)", "a\(others[0])"), ("a\(others[1])", "a\(number)")]
            try await traffic.losesNothing(between: pairs) {
                agent.send(SIGSTOP)
                try await eventually("the lease of node\(number) has expired", within: .seconds(40)) {
                    try await cluster.keys(below: "/romana/alive/").count == 2
                }
                try await eventually("somebody else listens", within: .seconds(40)) {
                    let now = try await cluster.holder(of: "listener")
                    return !now.isEmpty && now != holder
                }
            }
            // What is new is enforced by those that are there.
            let policy = KubernetesManifest.networkPolicy(
                "closed", in: "default", spec: #"{"podSelector": {"matchLabels": {"app": "a\#(others[0])"}}}"#)
            try await cluster.kubernetes.apply(policy)
            try await traffic.settles(without: [1, 2, 3].map { ("a\($0)", "a\(others[0])") })
            let successor = try await cluster.holder(of: "listener")

            let written = try await cluster.versions()
            agent.send(SIGCONT)
            try await cluster.untilAllAreAlive()
            try await eventually("node\(number) stands in elections again", within: .seconds(40)) {
                try await cluster.keys(below: "/romana/election/listener/").count == 3
            }
            #expect(try await cluster.holder(of: "listener") == successor)
            // It wrote nothing while it still took itself for the listener.
            #expect(try await cluster.versions() == written)
            // It has heard what it missed: its own pod is closed too.
            let own = KubernetesManifest.networkPolicy(
                "own", in: "default", spec: #"{"podSelector": {"matchLabels": {"app": "a\#(number)"}}}"#)
            try await cluster.kubernetes.apply(own)
            let forbidden = [1, 2, 3].flatMap { [("a\($0)", "a\(others[0])"), ("a\($0)", "a\(number)")] }
            try await traffic.settles(without: forbidden)
            for object in [policy, own] { try await cluster.kubernetes.delete(object) }
            try await traffic.settles()
            try await cluster.everyBlockHasAnOwner()
        }

        /// Kills an agent while a pod starts and another goes; the kubelet tries again, and the agent is started anew.
        private static func crash(_ cluster: KubernetesCluster, _ traffic: inout ClusterTraffic) async throws {
            try await cluster.kubernetes.create(KubernetesCluster.pod("old", on: "node1"))
            _ = try await cluster.untilReady("old")
            try await cluster.agent(on: 1).crash()
            try await cluster.kubernetes.create(KubernetesCluster.pod("new", on: "node1"))
            try await cluster.kubernetes.delete(KubernetesCluster.pod("old"))
            try await traffic.join(["new"])
            try await traffic.settles()
            try await cluster.usesAddresses(4, on: "node1")
            traffic.leave(["new"])
            try await cluster.kubernetes.delete(KubernetesCluster.pod("new"))
            try await cluster.usesAddresses(2, on: "node1")
        }

        /// Switches a node off and on: its pods start anew, and nothing is left of those that were.
        private static func restart(_ cluster: KubernetesCluster, _ traffic: inout ClusterTraffic) async throws {
            let before = try await cluster.containerID(of: "a3")
            try await cluster.restart(3)
            try await eventually("a3 runs again", within: .seconds(60), every: .milliseconds(100)) {
                try await cluster.containerID(of: "a3").map { $0 != before } ?? false
            }
            try await traffic.join(["a3"])
            try await traffic.settles()
            try await cluster.usesAddresses(2, on: "node3")
            try await cluster.untilAllAreAlive()
        }

        /// Takes a node's link away for longer than its lease, while others start pods.
        private static func cutOff(_ cluster: KubernetesCluster, _ traffic: inout ClusterTraffic) async throws {
            let kept = try #require(traffic.addresses["a2"])
            try await IPRoute2.batch(["link set node2 down"], in: cluster.fabric.namespace)
            try await eventually("the lease of node2 has expired", within: .seconds(40)) {
                try await cluster.keys(below: "/romana/alive/").count == 2
            }
            // More than a block holds, so that new ones are granted meanwhile.
            let names = (1...10).map { "b\($0)" }
            for (index, name) in names.enumerated() {
                try await cluster.kubernetes.create(KubernetesCluster.pod(name, on: index % 2 == 0 ? "node1" : "node3"))
            }
            try await traffic.join(names)
            let given = names.flatMap { traffic.addresses[$0] ?? [] }
            #expect(Set(given).count == 20)
            #expect(Set(given).isDisjoint(with: kept))

            try await IPRoute2.batch(["link set node2 up"], in: cluster.fabric.namespace)
            try await cluster.untilAllAreAlive()
            #expect(try await cluster.untilReady("a2").addresses == kept)
            try await traffic.settles()
            try await cluster.kubernetes.create(KubernetesCluster.pod("c", on: "node2"))
            try await traffic.join(["c"])
            try await traffic.settles()
            try await cluster.everyBlockHasAnOwner()
        }
    }
}

extension KubernetesCluster {
    /// Who carries a duty; empty when nobody does.
    fileprivate func holder(of duty: String) async throws(TestbedError) -> String {
        try await etcdctl([
            "get", "--prefix", "/romana/election/\(duty)/", "--sort-by=CREATE", "--order=ASCEND", "--limit=1",
            "--print-value-only",
        ]).checked().text.filter { !$0.isNewline }
    }

    /// At which revision each policy and each member of a group was written.
    fileprivate func versions() async throws(TestbedError) -> [String: Int64] {
        struct Answer: Decodable {
            struct Entry: Decodable {
                let key: String
                let mod_revision: Int64
            }
            let kvs: [Entry]?
        }
        var versions: [String: Int64] = [:]
        for prefix in ["/romana/policies/", "/romana/groups/"] {
            let text = try await etcdctl(["get", "--prefix", prefix, "--keys-only", "-w", "json"]).checked().text
            for entry in try JSON.decode(Answer.self, from: text, of: "etcdctl").kvs ?? [] {
                versions[entry.key] = entry.mod_revision
            }
        }
        return versions
    }

    /// The process of a node's agent.
    fileprivate func agent(on number: Int) async throws -> ChildProcess {
        let pods = try await kubernetes.object("/api/v1/namespaces/kube-system/pods")?["items"]?.arrayValue ?? []
        let pod = pods.first { $0["spec"]?["nodeName"] == .string("node\(number)") }?["metadata"]?["name"]?.stringValue
        let process = try driver(of: "node\(number)").process(of: try #require(pod), in: "kube-system")
        return try #require(process)
    }

    fileprivate func untilAllAreAlive() async throws {
        try await eventually("every node's lease is held", within: .seconds(60)) {
            try await keys(below: "/romana/alive/").count == machines.count
        }
    }

    /// The first container of a pod that runs.
    fileprivate func containerID(of pod: String) async throws(TestbedError) -> String? {
        let pod = try await kubernetes.object("/api/v1/namespaces/default/pods/\(pod)")
        let container = pod?["status"]?["containerStatuses"]?.arrayValue?.first
        return container?["state"]?["running"] == nil ? nil : container?["containerID"]?.stringValue
    }

    /// Waits until the cluster knows that so many addresses of a node are in use.
    fileprivate func usesAddresses(_ count: Int, on node: String) async throws {
        try await eventually("\(node) uses \(count) addresses", within: .seconds(30), every: .milliseconds(200)) {
            var sum = 0
            for (key, value) in try await keys(below: "/romana/blocks/") {
                let block = try JSON.decode(Block.self, from: value, of: key)
                if block.host == node { sum += block.allocated }
            }
            return sum == count
        }
    }

    /// Every block has an owner that there is.
    fileprivate func everyBlockHasAnOwner() async throws {
        let blocks = try await keys(below: "/romana/blocks/")
        #expect(!blocks.isEmpty)
        for (key, value) in blocks {
            let host = try JSON.decode(Block.self, from: value, of: key).host
            #expect(machines.contains { $0.name == host }, "\(key) is of \(host)")
        }
    }
}

/// A block as etcd has it.
private struct Block: Decodable {
    let host: String
    let allocated: Int
}
