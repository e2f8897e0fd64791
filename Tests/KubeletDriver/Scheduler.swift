import CNIProtocol
public import Testbed

/// Binds pods to nodes that are ready, one after the other, as far as selectors and taints allow; keeps the taint of nodes
/// that are not ready.
public struct Scheduler: Sendable {
    private let kubernetes: KubernetesAPIServer

    /// A scheduler for the pods of an API server.
    public init(_ kubernetes: KubernetesAPIServer) { self.kubernetes = kubernetes }

    /// Works until the task is cancelled.
    public func run() async {
        var turn = 0
        while !Task.isCancelled {
            try? await taintAll()
            try? await bindAll(&turn)
            try? await Task.sleep(for: .milliseconds(300))
        }
    }

    /// Keeps pods away where there is no network for them, as the controller of nodes does.
    private func taintAll() async throws(TestbedError) {
        let key: JSONValue = "node.kubernetes.io/not-ready"
        for node in try await kubernetes.object("/api/v1/nodes")?["items"]?.arrayValue ?? [] {
            let taints = node["spec"]?["taints"]?.arrayValue ?? []
            var kept = taints.filter { $0["key"] != key }
            if !node.isReady { kept.append(["key": key, "effect": "NoSchedule"]) }
            guard kept != taints, let name = node["metadata"]?["name"]?.stringValue else { continue }
            let metadata: JSONValue = ["resourceVersion": node["metadata"]?["resourceVersion"] ?? ""]
            _ = try await kubernetes.exchange(
                "PATCH", "/api/v1/nodes/\(name)", ["metadata": metadata, "spec": ["taints": .array(kept)]],
                type: "application/merge-patch+json")
        }
    }

    private func bindAll(_ turn: inout Int) async throws(TestbedError) {
        let pods =
            try await kubernetes.object("/api/v1/pods?fieldSelector=spec.nodeName%3D")?["items"]?.arrayValue ?? []
        guard !pods.isEmpty else { return }
        let nodes = try await kubernetes.object("/api/v1/nodes")?["items"]?.arrayValue ?? []
        for pod in pods.map({ PodObject($0) }) where !pod.isLeaving && pod.node == nil {
            let fitting = nodes.filter { pod.fits(on: $0) }
            guard !fitting.isEmpty else { continue }
            let name = fitting[turn % fitting.count]["metadata"]?["name"] ?? ""
            turn += 1
            _ = try await kubernetes.exchange(
                "POST", "\(pod.path)/binding",
                [
                    "apiVersion": "v1", "kind": "Binding", "metadata": ["name": .string(pod.name)],
                    "target": ["apiVersion": "v1", "kind": "Node", "name": name],
                ])
        }
    }
}

extension PodObject {
    /// Whether a node is ready and takes this pod.
    fileprivate func fits(on node: JSONValue) -> Bool {
        let isCordoned = node["spec"]?["unschedulable"]?.boolValue ?? false
        return node.isReady && !isCordoned && matches(node) && tolerates(node)
    }

    /// Whether a node has the labels that the pod asks for.
    func matches(_ node: JSONValue) -> Bool {
        let labels = node["metadata"]?["labels"]
        return (value["spec"]?["nodeSelector"]?.members ?? []).allSatisfy { labels?[$0.key] == $0.value }
    }

    /// Whether the pod bears every taint that keeps others away from a node.
    func tolerates(_ node: JSONValue) -> Bool {
        let tolerations = value["spec"]?["tolerations"]?.arrayValue ?? []
        return (node["spec"]?["taints"]?.arrayValue ?? []).allSatisfy { taint in
            taint["effect"] == "PreferNoSchedule"
                || tolerations.contains { toleration in
                    (toleration["key"] == nil || toleration["key"] == taint["key"])
                        && (toleration["effect"] == nil || toleration["effect"] == taint["effect"])
                        && (toleration["operator"] == "Exists" || toleration["value"] == taint["value"])
                }
        }
    }
}

extension JSONValue {
    /// Whether a node or a pod says that it is ready.
    var isReady: Bool {
        (self["status"]?["conditions"]?.arrayValue ?? []).contains { $0["type"] == "Ready" && $0["status"] == "True" }
    }
}
