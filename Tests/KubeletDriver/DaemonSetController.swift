import CNIProtocol
public import Testbed

/// Keeps one pod of every DaemonSet on each node that it selects; a changed template replaces them one by one.
public struct DaemonSetController: Sendable {
    private let kubernetes: KubernetesAPIServer
    private static let revision = "controller-revision-hash"

    /// A controller for the DaemonSets of an API server.
    public init(_ kubernetes: KubernetesAPIServer) { self.kubernetes = kubernetes }

    /// Works until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            try? await reconcileAll()
            try? await Task.sleep(for: .milliseconds(300))
        }
    }

    private func list(_ path: String) async throws(TestbedError) -> [JSONValue] {
        try await kubernetes.object(path)?["items"]?.arrayValue ?? []
    }

    private func reconcileAll() async throws(TestbedError) {
        let sets = try await list("/apis/apps/v1/daemonsets")
        let pods = try await list("/api/v1/pods")
        let nodes = sets.isEmpty ? [] : try await list("/api/v1/nodes")
        for set in sets where set["metadata"]?["deletionTimestamp"] == nil {
            try await reconcile(set, nodes, pods.filter { Self.owner(of: $0) == set["metadata"]?["uid"] })
        }
        // Nobody else collects what deleted sets have left.
        let known = sets.compactMap { $0["metadata"]?["uid"] }
        for pod in pods {
            guard let owner = Self.owner(of: pod), !known.contains(owner) else { continue }
            try await delete(PodObject(pod))
        }
    }

    private static func owner(of pod: JSONValue) -> JSONValue? {
        pod["metadata"]?["ownerReferences"]?.arrayValue?.first { $0["kind"] == "DaemonSet" }?["uid"]
    }

    private func delete(_ pod: PodObject) async throws(TestbedError) {
        if !pod.isLeaving { _ = try await kubernetes.exchange("DELETE", pod.path) }
    }

    private func reconcile(_ set: JSONValue, _ nodes: [JSONValue], _ values: [JSONValue]) async throws(TestbedError) {
        guard let template = set["spec"]?["template"] else { return }
        let revision = Self.hash(template.text)
        let sample = PodObject(template)
        let wanted = nodes.filter { sample.matches($0) && sample.tolerates($0, asPartOfASet: true) }
            .compactMap { $0["metadata"]?["name"]?.stringValue }
        let pods = values.map { PodObject($0) }
        for pod in pods where !wanted.contains(pod.node ?? "") || pod.hasEnded { try await delete(pod) }
        for node in wanted where !pods.contains(where: { $0.node == node }) {
            try await create(set, template, revision, on: node)
        }
        let old = pods.filter { $0.value["metadata"]?["labels"]?[Self.revision] != .string(revision) }
        let strategy = set["spec"]?["updateStrategy"]?["type"]?.stringValue ?? "RollingUpdate"
        let areUp = pods.count == wanted.count && pods.allSatisfy { $0.isReady && !$0.isLeaving }
        if strategy == "RollingUpdate", let next = old.first(where: { !$0.isReady }) ?? (areUp ? old.first : nil) {
            try await delete(next)
        }
        try await report(set, wanted: wanted.count, pods: pods, current: pods.count - old.count)
    }

    private func create(
        _ set: JSONValue, _ template: JSONValue, _ revision: String, on node: String
    ) async throws(TestbedError) {
        guard let metadata = set["metadata"], let name = metadata["name"]?.stringValue,
            let namespace = metadata["namespace"]?.stringValue
        else { return }
        var labels = template["metadata"]?["labels"]?.members ?? []
        labels.append((key: Self.revision, value: .string(revision)))
        var spec = template["spec"]?.members ?? []
        spec.append((key: "nodeName", value: .string(node)))
        let pod: JSONValue = [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": [
                "generateName": .string("\(name)-"), "labels": .object(labels),
                "annotations": template["metadata"]?["annotations"] ?? [:],
                "ownerReferences": [
                    [
                        "apiVersion": "apps/v1", "kind": "DaemonSet", "name": .string(name),
                        "uid": metadata["uid"] ?? "", "controller": true,
                    ]
                ],
            ],
            "spec": .object(spec),
        ]
        let (status, answer) = try await kubernetes.exchange("POST", "/api/v1/namespaces/\(namespace)/pods", pod)
        guard status == 201 else {
            throw TestbedError(
                "make a pod of DaemonSet \(name): kube-apiserver said \(status): \(answer.text.prefix(600))")
        }
    }

    private func report(
        _ set: JSONValue, wanted: Int, pods: [PodObject], current: Int
    ) async throws(TestbedError) {
        guard let name = set["metadata"]?["name"]?.stringValue,
            let namespace = set["metadata"]?["namespace"]?.stringValue
        else { return }
        let ready = pods.count { $0.isReady && !$0.isLeaving }
        let status: JSONValue = [
            "observedGeneration": set["metadata"]?["generation"] ?? 1, "desiredNumberScheduled": .integer(wanted),
            "currentNumberScheduled": .integer(pods.count), "numberMisscheduled": 0, "numberReady": .integer(ready),
            "numberAvailable": .integer(ready), "updatedNumberScheduled": .integer(current),
            "numberUnavailable": .integer(wanted - ready),
        ]
        let isNews = (status.members ?? []).contains { (set["status"]?[$0.key] ?? 0) != $0.value }
        guard isNews else { return }
        _ = try await kubernetes.exchange(
            "PATCH", "/apis/apps/v1/namespaces/\(namespace)/daemonsets/\(name)/status", ["status": status],
            type: "application/merge-patch+json")
    }

    /// FNV-1a, for a label.
    private static func hash(_ text: String) -> String {
        String(text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
    }
}

extension PodObject {
    var isReady: Bool { value.isReady }

    /// Like ``tolerates(_:)``; pods of a DaemonSet bear what nodes that are not ready or cordoned have.
    fileprivate func tolerates(_ node: JSONValue, asPartOfASet: Bool) -> Bool {
        let taints = (node["spec"]?["taints"]?.arrayValue ?? []).filter { taint in
            !(taint["key"]?.stringValue?.hasPrefix("node.kubernetes.io/") ?? false)
        }
        return tolerates(["spec": ["taints": .array(taints)]])
    }
}
