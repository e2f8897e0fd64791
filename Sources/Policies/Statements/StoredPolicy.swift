/// A policy as etcd keeps it at `policies/ID`: as its author wrote it.
public enum StoredPolicy: Hashable, Sendable {
    /// One of Romana's own.
    case romana(Policy)
    /// One of Kubernetes.
    case kubernetes(NetworkPolicy)

    /// Its name in etcd.
    public var id: String {
        switch self {
        case .romana(let policy): policy.id
        case .kubernetes(let policy): policy.id
        }
    }

    /// What it says.
    public var statement: PolicyStatement {
        switch self {
        case .romana(let policy): PolicyStatement(policy)
        case .kubernetes(let policy): PolicyStatement(policy)
        }
    }

    /// Everything that keeps it from standing as it is written.
    public var problems: [PolicyError.Problem] {
        switch self {
        case .romana(let policy): policy.problems
        case .kubernetes(let policy): policy.problems
        }
    }
}

extension StoredPolicy: Codable {
    /// Reads an object of Kubernetes where a `kind` says so, and one of Romana's own policies otherwise.
    public init(from decoder: any Decoder) throws {
        if try decoder.container(keyedBy: DocumentKey.self).says("kind") {
            self = .kubernetes(try NetworkPolicy(from: decoder))
        } else {
            self = .romana(try Policy(from: decoder))
        }
    }

    /// Writes the policy in its own form.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .romana(let policy): try policy.encode(to: encoder)
        case .kubernetes(let policy): try policy.encode(to: encoder)
        }
    }
}
