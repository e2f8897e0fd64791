/// The answer of `GET /v1/policies`.
struct PoliciesBody: Encodable, Sendable {
    /// Every policy, in order of ids.
    var policies: [PolicyBody]
    /// The revision of etcd that last changed a policy.
    var revision: Int64
}

/// The body of `DELETE /policies`.
struct PolicyName: Decodable, Sendable {
    /// The policy's id.
    var id: String
}
