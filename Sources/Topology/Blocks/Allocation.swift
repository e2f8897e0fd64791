public import Addresses

/// An address that an owner has, and where it comes from.
public struct Allocation: Hashable, Sendable {
    /// The address.
    public let address: IPAddress
    /// The block it is part of; its own /32 or /128 while the block is not known.
    public let block: IPPrefix
    /// The network of the block; empty while the block is not known.
    public let network: String

    /// An address of a block.
    public init(address: IPAddress, block: IPPrefix, network: String) {
        self.address = address
        self.block = block
        self.network = network
    }
}
