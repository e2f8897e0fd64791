import Addresses

/// What an agent says in etcd for as long as it lives: PREFIX/alive/NODE, on a lease.
struct AliveRecord: Codable, Sendable, Hashable {
    /// The node's addresses.
    var addresses: [String]
    /// The agent's version.
    var version: String
    /// Which boot of which machine it is; older agents do not say.
    var instance: String?
    /// Which machine it is.
    var machine: String?

    /// Whether it is by an agent of this node, be it an earlier one.
    func isOwn(_ identity: NodeIdentity, _ addresses: [IPAddress]) -> Bool {
        guard let instance else { return addresses.contains { self.addresses.contains($0.description) } }
        return instance == identity.instance
    }
}
