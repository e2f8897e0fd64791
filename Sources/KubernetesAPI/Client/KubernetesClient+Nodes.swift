import LinuxSystem

extension KubernetesClient {
    /// A change of some conditions of a node; those of other types stay as they are.
    private struct StatusChange: Encodable {
        struct Status: Encodable {
            var conditions: [Condition]
        }

        struct Condition: Encodable {
            /// Has the API server take the condition of the type away.
            var patch: String?
            var type: String
            var status: String?
            var reason: String?
            var message: String?
            var lastHeartbeatTime: String?
            var lastTransitionTime: String?

            enum CodingKeys: String, CodingKey {
                case type, status, reason, message, lastHeartbeatTime, lastTransitionTime
                case patch = "$patch"
            }
        }

        var status: Status
    }

    /// Says something of a node's state, in place of what was said before under the same type.
    ///
    /// - Parameter isNews: whether the status is another than before, so that now is the time of its change.
    public func setCondition(
        _ condition: NodeCondition, ofNode name: String, isNews: Bool
    ) async throws(KubernetesAPIError) {
        let now = Clock.wallSeconds().timestamp
        try await change(
            StatusChange.Condition(
                type: condition.type, status: condition.status, reason: condition.reason, message: condition.message,
                lastHeartbeatTime: now, lastTransitionTime: isNews ? now : nil), ofNode: name)
    }

    /// Says nothing under a type of condition any more.
    public func removeCondition(_ type: String, ofNode name: String) async throws(KubernetesAPIError) {
        try await change(StatusChange.Condition(patch: "delete", type: type), ofNode: name)
    }

    private func change(_ condition: StatusChange.Condition, ofNode name: String) async throws(KubernetesAPIError) {
        try await patch(
            StatusChange(status: .init(conditions: [condition])), ObjectKey(name: name), in: Node.collection,
            part: "status", kind: .strategicMerge)
    }
}
