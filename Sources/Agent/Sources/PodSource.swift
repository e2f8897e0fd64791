import KubernetesAPI
import Logging
import Policies

/// Follows what the API server says of this node's own pods: their labels and named ports, before their ADD.
struct PodSource: Sendable {
    let settings: AgentSettings
    let client: KubernetesClient
    let inbox: DataplaneInbox

    /// Follows until the task is cancelled.
    func run() async {
        let watch = client.watch(Pod.self, fieldSelector: "spec.nodeName=\(settings.node)")
        await withDiscardingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    inbox.post(.reachable(.kubernetes, watch.isConnected))
                    try? await Task.sleep(for: .seconds(1))
                }
            }
            group.addTask {
                for await update in watch {
                    switch update {
                    case .snapshot(let pods):
                        inbox.post(.pods(pods.filter { !$0.isOnHostNetwork }.map(\.record)))
                    case .changes(let changes):
                        for change in changes { take(change) }
                    }
                }
            }
        }
    }

    private func take(_ change: ObjectChange<Pod>) {
        switch change {
        case .put(let pod):
            if !pod.isOnHostNetwork {
                inbox.post(.pod("\(pod.metadata.namespace)/\(pod.metadata.name)", pod.record))
            }
        case .delete(let key):
            inbox.post(.pod("\(key.namespace)/\(key.name)", nil))
        }
    }
}
