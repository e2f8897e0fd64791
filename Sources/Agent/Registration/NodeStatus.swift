import KubernetesAPI
import Logging

/// Keeps the node's condition `NetworkUnavailable` as the agent knows it.
struct NodeStatus: Sendable {
    let node: String
    let client: KubernetesClient
    let registrar: Registrar
    let logger: Logger

    /// Writes until the task is cancelled; `problems` tells why pods cannot be served, or (nil) that they can.
    func run(_ problems: AsyncStream<String?>) async {
        let voice = Voice()
        await withDiscardingTaskGroup { group in
            group.addTask { for await problem in problems { await voice.take(problem) } }
            var rest = Duration.seconds(1)
            while (try? await Task.sleep(for: rest)) != nil {
                rest = .seconds(1)
                // The object of another machine's node is not ours to write.
                guard case .present(let object) = await registrar.node, await registrar.isClaimed else { continue }
                let held = object.condition(NetworkCondition.type)
                guard let wanted = await voice.change(held) else { continue }
                do throws(KubernetesAPIError) {
                    try await client.setCondition(wanted, ofNode: node, isNews: held?.status != wanted.status)
                    logger.info("node \(node): \(wanted.type) is \(wanted.status): \(wanted.message)")
                    // The watch brings it in a moment.
                    rest = .seconds(5)
                } catch {
                    logger.warning("\(error)")
                    rest = .seconds(30)
                }
            }
        }
    }

    /// A ``NetworkCondition`` that two tasks share.
    private actor Voice {
        private var condition = NetworkCondition(at: .now)

        func take(_ problem: String?) { condition.take(problem, at: .now) }

        func change(_ held: NodeCondition?) -> NodeCondition? { condition.change(held, at: .now) }
    }
}
