import Addresses

/// What a node knows of one of its blocks, save for the states of its addresses, which are in an ``AddressPool``.
struct NodeBlock: Sendable {
    /// The record with the numbers of now.
    var record: BlockRecord
    /// Who uses it; nil until somebody does.
    var tenancy: Tenancy? {
        didSet {
            record.tenant = tenancy?.tenant ?? ""
            record.segment = tenancy?.segment ?? ""
        }
    }
    /// Where its network's blocks are listed.
    var shelf: Int
    /// How often it was seen idle in a row.
    var idleSightings = 0
    /// Whether its record changed since it was last told.
    var isDirty = false

    /// An untagged block with no address in use.
    init(_ record: BlockRecord, shelf: Int) {
        self.shelf = shelf
        self.record = record
        self.record.tenant = ""
        self.record.segment = ""
        self.record.allocated = 0
    }

    /// Whether no address is in use.
    var isEmpty: Bool { record.allocated == 0 }

    /// The offsets that `blackouts` keep from being given, of a pool of `size` addresses.
    func offsets(of blackouts: [IPPrefix], size: Int) -> [ClosedRange<Int>] {
        blackouts.filter { $0.overlaps(record.cidr) }.compactMap { blackout in
            let inner = blackout.contains(record.cidr) ? record.cidr : blackout
            guard let first = record.cidr.offset(inner.first, below: size) else { return nil }
            return first...(record.cidr.offset(inner.last, below: size) ?? size - 1)
        }
    }
}

extension IPPrefix {
    /// How far an address of the prefix is from its first; nil from `limit` up.
    func offset(_ address: IPAddress, below limit: Int) -> Int? {
        let distance = address.value - first.value
        return distance < UInt128(limit) ? Int(distance) : nil
    }
}
