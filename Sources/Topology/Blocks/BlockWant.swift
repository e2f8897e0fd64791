public import Addresses

/// Blocks that a node should ask the daemon for.
public struct BlockWant: Hashable, Sendable {
    /// The family of the network.
    public let family: AddressFamily
    /// The network to take them from.
    public let network: String
    /// How many, at least 1.
    public let count: Int

    /// A want of `count` blocks.
    public init(family: AddressFamily, network: String, count: Int) {
        self.family = family
        self.network = network
        self.count = count
    }
}
