public import Addresses

/// Where a host is placed in the tree of one network.
public struct HostGroup: Hashable, Sendable, Codable {
    /// The names on the way down, with slashes between, such as `zone-a/rack-1`.
    public var path: String
    /// The addresses of the group; the host's blocks of this network are parts of it.
    public var cidr: IPPrefix

    /// A place in a tree.
    public init(path: String, cidr: IPPrefix) {
        self.path = path
        self.cidr = cidr
    }
}
