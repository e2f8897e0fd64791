import KubernetesAPI
import Synchronization

/// Tells notices as events on the node's own object and on pods, or nobody where there is no API.
final class NodeEvents: Sendable {
    private let node: String
    private let uid = Mutex("")
    /// Pods that fail by the hundred must not keep what is to be said of the node waiting.
    private let ofNode: EventRecorder?
    private let ofPods: EventRecorder?

    /// - Parameter client: the API; nil where there is none.
    init(_ client: KubernetesClient?, node: String) {
        self.node = node
        ofNode = client.map { EventRecorder($0, component: "romana-agent", host: node) }
        ofPods = client.map { EventRecorder($0, component: "romana-agent", host: node) }
    }

    /// Sends what is told until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            if let ofNode { group.addTask { await ofNode.run() } }
            if let ofPods { group.addTask { await ofPods.run() } }
        }
    }

    /// Which object of the node's name is meant from now on.
    func setNode(uid: String) { self.uid.withLock { $0 = uid } }

    /// Tells a notice; callable from anywhere, never waits.
    func tell(_ notice: NodeNotice) {
        let metadata: ObjectMetadata
        let recorder: EventRecorder?
        switch notice.subject {
        case .node:
            let uid = uid.withLock { $0 }
            // As kubelets do where they know no better.
            metadata = ObjectMetadata(name: node, uid: uid.isEmpty ? node : uid)
            recorder = ofNode
        case .pod(let namespace, let name, let uid):
            guard !namespace.isEmpty, !name.isEmpty else { return }
            metadata = ObjectMetadata(namespace: namespace, name: name, uid: uid)
            recorder = ofPods
        }
        let kind = notice.subject == .node ? "Node" : "Pod"
        recorder?.record(
            KubernetesEvent(
                .init(apiVersion: "v1", kind: kind, metadata), kind: notice.kind, reason: notice.reason.rawValue,
                message: notice.message))
    }
}
