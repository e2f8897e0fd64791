import Addresses

/// One block of the node: its record, with the numbers of now, and its addresses.
struct NodeBlock: Sendable {
    var record: BlockRecord
    var pool: AddressPool
    /// Who uses it; nil until somebody does.
    var tenancy: Tenancy? {
        didSet {
            record.tenant = tenancy?.tenant ?? ""
            record.segment = tenancy?.segment ?? ""
        }
    }
    /// How often it was seen idle in a row.
    var idleSightings = 0

    /// An untagged block with no address in use.
    init(_ record: BlockRecord) {
        self.record = record
        self.record.tenant = ""
        self.record.segment = ""
        self.record.allocated = 0
        pool = AddressPool(count: record.cidr.count)
    }

    /// Whether no address is in use.
    var isEmpty: Bool { record.allocated == 0 }

    /// The address at an offset.
    func address(_ offset: Int) -> IPAddress? {
        record.cidr.first.advanced(by: UInt128(offset))
    }

    /// The offset of an address of the block; nil for those beyond what a pool keeps.
    func offset(_ address: IPAddress) -> Int? {
        let distance = address.value - record.cidr.first.value
        return distance < UInt128(pool.size) ? Int(distance) : nil
    }

    /// Takes an address into use; false when it is in use already.
    mutating func take(_ address: IPAddress) -> Bool {
        if let offset = offset(address), !pool.take(offset) { return false }
        record.allocated += 1
        idleSightings = 0
        return true
    }

    /// Ends the use of an address.
    mutating func release(_ address: IPAddress, now: UInt64) {
        if let offset = offset(address) { pool.release(offset, now: now) }
        record.allocated -= 1
    }

    /// Keeps addresses inside `blackouts`, and only those, from being given.
    mutating func reserve(_ blackouts: [IPPrefix]) {
        let ranges = blackouts.filter { $0.overlaps(record.cidr) }.compactMap { blackout -> ClosedRange<Int>? in
            let inner = blackout.contains(record.cidr) ? record.cidr : blackout
            guard let first = offset(inner.first) else { return nil }
            return first...(offset(inner.last) ?? pool.size - 1)
        }
        pool.reserve(ranges)
    }
}
