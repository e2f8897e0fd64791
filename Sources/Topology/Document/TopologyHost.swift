public import Addresses

/// A host as a topology document shows it inside its group.
public struct TopologyHost: Hashable, Sendable {
    /// The name of the node.
    public var name: String
    /// Its first address.
    public var address: IPAddress
    /// Its labels; written for readers, and of no meaning when read.
    public var assignment: [String: String]

    /// A host of a group.
    public init(name: String, address: IPAddress, assignment: [String: String] = [:]) {
        self.name = name
        self.address = address
        self.assignment = assignment
    }
}
