/// A host that takes its new blocks from another group than before, joins a network or leaves one; what blocks it has
/// it keeps.
public struct HostMove: Hashable, Sendable, Encodable {
    /// The host's name.
    public let host: String
    /// The network; by its new name if it has one.
    public let network: String
    /// The group it was in; nil when it joins the network.
    public let from: HostGroup?
    /// The group it will be in; nil when it leaves the network.
    public let to: HostGroup?

    /// A move of one host.
    public init(host: String, network: String, from: HostGroup?, to: HostGroup?) {
        self.host = host
        self.network = network
        self.from = from
        self.to = to
    }

    /// What changes for a host whose record gets other groups, by network; groups that only got another name are left
    /// out.
    ///
    /// - Parameter names: the new names of networks that were renamed, by the old ones.
    public static func moves(
        of host: HostRecord, to groups: [String: HostGroup], renamed names: [String: String] = [:]
    ) -> [HostMove] {
        var before: [String: HostGroup] = [:]
        for (network, group) in host.groups { before[names[network] ?? network] = group }
        return Set(before.keys).union(groups.keys).sorted().compactMap { network in
            let (from, to) = (before[network], groups[network])
            guard from?.cidr != to?.cidr else { return nil }
            return HostMove(host: host.name, network: network, from: from, to: to)
        }
    }
}
