public import Addresses

/// One element of the tree in a topology document: a group of groups, or a group of hosts.
public struct TopologyGroup: Hashable, Sendable {
    /// Its name, empty when it has none.
    public var name: String
    /// Labels that a host must carry, with these values, to be placed in it or below.
    public var assignment: [String: String]
    /// A free text on how its routes spread; kept and shown, and acted on by nobody.
    public var routing: String
    /// Whether it only keeps a place: no host is ever placed in it or below.
    public var isDummy: Bool
    /// Its addresses; written for readers, and ignored when read.
    public var cidr: IPPrefix?
    /// The groups in it; a group without any holds hosts.
    public var groups: [TopologyGroup]
    /// The hosts that are in it for certain, whatever their labels.
    public var hosts: [TopologyHost]

    /// A group; without `groups` it is one that hosts are placed in.
    public init(
        name: String = "", assignment: [String: String] = [:], routing: String = "", isDummy: Bool = false,
        cidr: IPPrefix? = nil, groups: [TopologyGroup] = [], hosts: [TopologyHost] = []
    ) {
        self.name = name
        self.assignment = assignment
        self.routing = routing
        self.isDummy = isDummy
        self.cidr = cidr
        self.groups = groups
        self.hosts = hosts
    }
}
