import KubernetesAPI
import Logging

/// Follows what the API server says of the agent's own node.
struct NodeSource: Sendable {
    let node: String
    let client: KubernetesClient
    let registrar: Registrar

    /// Follows until the task is cancelled.
    func run() async {
        for await update in client.watch(Node.self, fieldSelector: "metadata.name=\(node)") {
            switch update {
            case .snapshot(let nodes): await registrar.take(nodes.first.map { .present($0) } ?? .absent)
            case .changes(let changes):
                guard let change = changes.last(where: { $0.key.name == node }) else { continue }
                if case .put(let object) = change {
                    await registrar.take(.present(object))
                } else {
                    await registrar.take(.absent)
                }
            }
        }
    }
}
