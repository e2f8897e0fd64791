public import Addresses

/// What has to change in the kernel, in the order in which it can: first what nothing refers to yet.
public struct ProgramChange: Hashable, Sendable {
    /// A member of a set of members.
    public struct Member: Hashable, Sendable {
        /// The number in the sets.
        public var number: UInt32
        /// The address.
        public var address: IPAddress

        /// A member under a number.
        public init(number: UInt32, address: IPAddress) {
            self.number = number
            self.address = address
        }
    }

    /// A named port of a member.
    public struct Port: Hashable, Sendable {
        /// The number in the sets.
        public var number: UInt32
        /// The address.
        public var address: IPAddress
        /// The port.
        public var port: UInt16

        /// A port of a member, under a number.
        public init(number: UInt32, address: IPAddress, port: UInt16) {
            self.number = number
            self.address = address
            self.port = port
        }
    }

    /// Where a pod's traffic of one direction goes.
    public struct Entry: Hashable, Sendable {
        /// Which way the traffic goes.
        public var direction: NetworkPolicy.Direction
        /// The address.
        public var address: IPAddress

        /// The entry of a pod's address.
        public init(direction: NetworkPolicy.Direction, address: IPAddress) {
            self.direction = direction
            self.address = address
        }
    }

    /// What an entry leads to.
    public enum Target: Hashable, Sendable {
        /// No policy selects the pod: everything is allowed.
        case open
        /// A chain, by its name.
        case chain(String)
    }

    /// AddedRanges.
    public var addedRanges: [RangeSet] = []
    /// AddedMembers.
    public var addedMembers: [Member] = []
    /// AddedPorts.
    public var addedPorts: [Port] = []
    /// Parts before the chains that lead to them.
    public var addedChains: [PolicyChain] = []
    /// What entries lead to from now on; nil when there is none any more.
    public var entries: [Entry: Target?] = [:]
    /// Chains before the parts that they lead to.
    public var removedChains: [String] = []
    /// RemovedMembers.
    public var removedMembers: [Member] = []
    /// RemovedPorts.
    public var removedPorts: [Port] = []
    /// RemovedRanges.
    public var removedRanges: [String] = []
    /// Addresses whose connections may not all be allowed any more: pods of this node, and peers that left a group.
    public var narrowed: Set<IPAddress> = []

    /// Whether nothing has to change.
    public var isEmpty: Bool {
        addedRanges.isEmpty && addedMembers.isEmpty && addedPorts.isEmpty && addedChains.isEmpty && entries.isEmpty
            && removedChains.isEmpty && removedMembers.isEmpty && removedPorts.isEmpty && removedRanges.isEmpty
    }

    /// No change.
    public init() {}
}
