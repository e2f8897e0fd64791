import Addresses
import Topology

/// The answer of `GET /v1/networks/NAME`: a network with its groups and how full they are.
struct NetworkDetailBody: Encodable, Sendable {
    /// What there is of blocks in a network or a group.
    struct Fullness: Encodable, Sendable {
        /// How many blocks there is room for.
        var capacity: LargeNumber
        /// How many of them hosts have.
        var granted: Int
        /// How many of those are in use.
        var used: Int
        /// How many of those are of hosts that take their blocks from another group.
        var spilled: Int
        /// How many of its addresses pods have, as agents wrote.
        var addresses: Int
        /// Whether there is no block left.
        var isFull: Bool

        enum CodingKeys: String, CodingKey {
            case capacity, granted, spilled, addresses
            case used = "in_use"
            case isFull = "full"
        }
    }

    /// One group that hosts are placed in.
    struct Group: Encodable, Sendable {
        /// The names on the way down.
        var path: String
        /// Its addresses.
        var cidr: IPPrefix
        /// How many hosts are in it.
        var hosts: Int
        /// Whether it only keeps a place.
        var isDummy: Bool
        /// Its blocks.
        var blocks: Fullness

        enum CodingKeys: String, CodingKey {
            case path, cidr, hosts, blocks
            case isDummy = "dummy"
        }
    }

    /// Its name.
    var name: String
    /// Its addresses.
    var cidr: IPPrefix
    /// The length of its blocks.
    var blockMask: Int
    /// Who may use it; `*` for all.
    var tenants: [String]
    /// The revision of the topology that it is part of.
    var revision: Int64
    /// How many hosts take part in it.
    var hosts: Int
    /// Its blocks.
    var blocks: Fullness
    /// Its groups, in the order of addresses.
    var groups: [Group]

    enum CodingKeys: String, CodingKey {
        case name, cidr, tenants, revision, hosts, blocks, groups
        case blockMask = "block_mask"
    }
}

/// A number that is written as text beyond what every reader of JSON reads rightly.
struct LargeNumber: Encodable, Sendable, Hashable {
    /// The number.
    var value: UInt128

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if value <= 1 << 53 {
            try container.encode(UInt64(value))
        } else {
            try container.encode("\(value)")
        }
    }
}
