import Addresses
import Topology

/// Where every host sits in a document, one after the other, such that blocks in use stay in their host's groups.
struct Seating {
    private let topology: StoredTopology
    private var placement: Placement
    private let doing: String

    /// Seats nobody yet; `hosts` are those whose present groups count.
    init(_ topology: StoredTopology, hosts: some Sequence<HostRecord> = EmptyCollection(), _ doing: String) {
        self.topology = topology
        self.placement = Placement(topology.document, hosts: hosts)
        self.doing = doing
    }

    /// The groups of a host that has these blocks: those that its blocks in use are part of, else those it was in,
    /// else by its labels.
    ///
    /// Throws 409, naming host and block, when a block in use would be outside its host's group.
    mutating func seat(_ host: HostRecord, holding blocks: [BlockRecord]) throws(DaemonError) -> [String: HostGroup] {
        var host = host
        var witnesses: [String: BlockRecord] = [:]
        for block in blocks where Self.isInUse(block) {
            try check(block)
            guard let place = topology.place(of: block.cidr) else { continue }
            if let witness = witnesses[place.network], host.groups[place.network] != place.group {
                throw refusal(
                    "blocks \(witness.cidr) and \(block.cidr) of host \(host.name) are in use "
                        + "and would be part of two groups of network \(place.network)", block)
            }
            witnesses[place.network] = block
            host.groups[place.network] = place.group
        }
        do {
            host.groups = try placement.groups(for: host)
        } catch {
            throw DaemonError(.conflict, "\(doing): \(error)", type: "host", id: host.name)
        }
        placement.add(host)
        return host.groups
    }

    /// Throws 409 when a block is in use and would be part of no group.
    func check(_ block: BlockRecord) throws(DaemonError) {
        guard Self.isInUse(block), topology.place(of: block.cidr) == nil else { return }
        throw refusal("block \(block.cidr) of host \(block.host) is in use and would be part of no group", block)
    }

    /// A block that a tenant has may have addresses in use that are not counted yet.
    private static func isInUse(_ block: BlockRecord) -> Bool { block.allocated > 0 || block.isTagged }

    private func refusal(_ problem: String, _ block: BlockRecord) -> DaemonError {
        DaemonError(.conflict, "\(doing): \(problem)", type: "block", id: block.cidr.description)
    }
}
