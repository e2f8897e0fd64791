import Addresses

/// The node's blocks of one network, in the order they are tried.
struct NetworkShelf: Sendable {
    /// Blocks in use, by who uses them, in the order they were acquired.
    var tagged: [Tenancy: [IPPrefix]] = [:]
    /// Untagged blocks that were in use before, in the order they became empty.
    var emptied: [IPPrefix] = []
    /// Untagged blocks that were never in use, in order of addresses.
    var fresh: [IPPrefix] = []
    /// Who had to make do without a block of its own since the last block came.
    var unserved: Set<Tenancy> = []

    /// Untagged blocks in the order they are tried.
    var untagged: [IPPrefix] { emptied + fresh }

    /// How many blocks are wanted beyond the usual spares, within reason.
    var demand: Int { min(unserved.count, 8) }

    /// Puts a block that was never in use in its place.
    mutating func addFresh(_ block: IPPrefix) {
        let place = fresh.firstIndex { $0 > block } ?? fresh.count
        fresh.insert(block, at: place)
        if let served = unserved.first { unserved.remove(served) }
    }

    /// Takes a block out, whatever it was.
    mutating func remove(_ block: IPPrefix, of tenancy: Tenancy?) {
        guard let tenancy else {
            emptied.removeAll { $0 == block }
            fresh.removeAll { $0 == block }
            return
        }
        tagged[tenancy]?.removeAll { $0 == block }
        if tagged[tenancy]?.isEmpty == true { tagged[tenancy] = nil }
    }
}
