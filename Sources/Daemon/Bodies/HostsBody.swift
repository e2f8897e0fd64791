import Topology

/// The answer of `GET /hosts`.
struct HostsBody: Codable, Sendable, Equatable {
    /// One host.
    struct Host: Codable, Sendable, Equatable {
        /// The first address.
        var ip: String
        /// The node's name.
        var name: String
        /// The port of its agent.
        var agentPort: Int
        /// Its labels.
        var tags: [String: String]
        /// What Kubernetes says of it.
        var kubernetes: [String: String]

        enum CodingKeys: String, CodingKey {
            case ip, name, tags
            case agentPort = "agent_port"
            case kubernetes = "k8s_info"
        }
    }

    /// Every host, by name.
    var hosts: [Host]
    /// The revision of etcd that last changed a host.
    var revision: Int64
}

/// The answer of `GET /v1/hosts`.
struct HostRecordsBody: Codable, Sendable {
    /// Every record, by name.
    var hosts: [HostRecord]
    /// The revision of etcd that last changed a host.
    var revision: Int64
}
