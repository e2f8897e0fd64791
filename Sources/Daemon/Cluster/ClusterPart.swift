/// The parts of the store that the daemon keeps in memory; each is mirrored on its own, so one may be ahead of another.
enum ClusterPart: String, CaseIterable, Sendable {
    /// The topology document.
    case topology
    /// Host records.
    case hosts
    /// Block records.
    case blocks
    /// What was granted to whom lately.
    case grants
    /// Policies.
    case policies
    /// Daemons that serve.
    case daemons
    /// Addresses that were given out by the API.
    case addresses

    /// The keys of this part.
    func range(_ keys: ClusterKeys) -> StoreRange {
        switch self {
        case .topology: .key(keys.topology)
        case .hosts: .prefix(keys.hosts)
        case .blocks: .prefix(keys.blocks)
        case .grants: .prefix(keys.grants)
        case .policies: .prefix(keys.policies)
        case .daemons: .prefix(keys.daemons)
        case .addresses: .prefix(keys.addresses)
        }
    }
}
