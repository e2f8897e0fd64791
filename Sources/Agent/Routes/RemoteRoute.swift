import Addresses

/// A prefix of another node and the node's address, before anyone has asked how to reach it.
struct RemoteRoute: Hashable, Sendable {
    /// What lies there.
    var prefix: IPPrefix
    /// The node's address, of the prefix's family.
    var via: IPAddress
    /// The node's name.
    var host: String
}
