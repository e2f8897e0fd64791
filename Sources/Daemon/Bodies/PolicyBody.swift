import Policies

/// A policy as it is shown: in Romana's own words, as every client has always known them.
///
/// One of Kubernetes is the object besides, and its `untranslated` says what those words leave out.
struct PolicyBody: Encodable, Sendable {
    /// The policy.
    let policy: StoredPolicy

    private enum CodingKeys: String, CodingKey {
        case id, direction, ingress, untranslated
        case targets = "applied_to"
    }

    func encode(to encoder: any Encoder) throws {
        try policy.encode(to: encoder)
        guard case .kubernetes(let object) = policy else { return }
        let (words, reasons) = Self.translation(of: object)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(object.id, forKey: .id)
        try container.encode(words.direction, forKey: .direction)
        try container.encode(words.targets, forKey: .targets)
        try container.encode(words.clauses, forKey: .ingress)
        try container.encode(reasons, forKey: .untranslated)
    }

    /// The object in Romana's words, or as much of them as promises nothing, with what they cannot say.
    private static func translation(of object: NetworkPolicy) -> (Policy, [Problem]) {
        do throws(PolicyError) {
            return (try Policy(translating: object), [])
        } catch {
            let words = Policy(
                id: object.id, direction: object.directions.contains(.ingress) ? .ingress : .egress,
                targets: [PolicyEndpoint(tenant: object.namespace)], clauses: [])
            return (words, error.problems.map { Problem(field: $0.field, problem: $0.problem) })
        }
    }
}
