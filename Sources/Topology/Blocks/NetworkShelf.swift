/// The node's blocks of one network by their slots, in the order they are tried.
struct NetworkShelf: Sendable {
    /// The network's name.
    let network: String
    /// Blocks in use, by who uses them, in the order they were acquired.
    var tagged: [Tenancy: [Int]] = [:]
    /// Untagged blocks that were in use before, in the order they became empty.
    var emptied: [Int] = []
    /// Untagged blocks that were never in use, in order of addresses.
    var fresh: [Int] = []
    /// Who had to make do without a block of its own since the last block came.
    var unserved: Set<Tenancy> = []

    init(network: String) { self.network = network }

    /// Untagged blocks in the order they are tried.
    var untagged: [Int] { emptied + fresh }

    /// How many blocks are wanted beyond the usual spares, within reason.
    var demand: Int { min(unserved.count, 8) }

    /// Takes a block out, whatever it was.
    mutating func remove(_ slot: Int, of tenancy: Tenancy?) {
        guard let tenancy else {
            emptied.removeAll { $0 == slot }
            fresh.removeAll { $0 == slot }
            return
        }
        tagged[tenancy]?.removeAll { $0 == slot }
        if tagged[tenancy]?.isEmpty == true { tagged[tenancy] = nil }
    }
}
