public import Addresses

/// Addresses of pods that route tables need a route to, and the hosts that can take what is sent there.
public struct Destination: Hashable, Sendable {
    /// What makes it one.
    public enum Kind: Hashable, Sendable {
        /// It is a prefix group with hosts.
        case group
        /// It is blocks of one host that its group's route does not lead to.
        case blocks
        /// It stands for several others, for want of room in a table.
        case folded
    }

    /// The addresses.
    public var prefix: IPPrefix
    /// What makes it one.
    public var kind: Kind
    /// The network that it is part of.
    public var network: String
    /// The path of the group that it is, or that its host is in; empty when it stands for several.
    public var group: String
    /// The hosts that deliver to all of it, by name, in order.
    public var hosts: [String]
    /// The subnet that they are all on; nil when no host's is known.
    public var subnet: String?

    /// A destination; hosts are put in order.
    public init(
        _ prefix: IPPrefix, _ kind: Kind = .group, network: String = "", group: String = "", hosts: [String],
        subnet: String? = nil
    ) {
        self.prefix = prefix
        self.kind = kind
        self.network = network
        self.group = group
        self.hosts = hosts.sorted()
        self.subnet = subnet
    }

    /// What it is, in words: `group zone-a/rack-1 of net`.
    public var text: String {
        switch kind {
        case .group: "group \(group.isEmpty ? "/" : group) of \(network)"
        case .blocks: "blocks of \(hosts.first ?? "a host") in \(network)"
        case .folded: "several of \(network)"
        }
    }
}
