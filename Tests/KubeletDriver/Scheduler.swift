import CNIProtocol
public import Testbed

/// Binds pods to nodes that are ready, one after the other, as far as selectors and taints allow.
public struct Scheduler: Sendable {
    private let kubernetes: KubernetesAPIServer

    /// A scheduler for the pods of an API server.
    public init(_ kubernetes: KubernetesAPIServer) { self.kubernetes = kubernetes }

    /// Works until the task is cancelled.
    public func run() async {
        var turn = 0
        while !Task.isCancelled {
            try? await bindAll(&turn)
            try? await Task.sleep(for: .milliseconds(300))
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
        let conditions = node["status"]?["conditions"]?.arrayValue ?? []
        let isReady = conditions.contains { $0["type"] == "Ready" && $0["status"] == "True" }
        let isCordoned = node["spec"]?["unschedulable"]?.boolValue ?? false
        return isReady && !isCordoned && matches(node) && tolerates(node)
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
