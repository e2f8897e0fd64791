public import Addresses

/// What a new document means for a running cluster, as far as it can take the place of the old one.
///
/// What is in use is kept, or the change is refused with everything that stands in its way.
public struct TopologyChange: Sendable {
    /// The document to store: the new one with the blackouts that it is silent on, and without hosts that it only
    /// shows.
    public let document: TopologyDocument
    /// Every network, those that go last; those that stay as they are among them.
    public let networks: [NetworkChange]
    /// Hosts that take their new blocks from another group.
    public let moves: [HostMove]
    /// Hosts that the document names and the cluster does not have yet; they are to be registered.
    public let newcomers: [HostRecord]
    /// What to write of hosts and blocks once the document is stored.
    public let settlement: Settlement
    /// Blocks in use that stay where they are but are part of another group than their host will be in.
    public let outside: [BlockRecord]
    /// Blocks in use that share addresses with a blackout.
    public let blackedOut: [BlockRecord]
    /// How many blocks are in use and kept.
    public let blocksKept: Int
    /// Whether the cluster stays as it is.
    public let isEmpty: Bool

    /// Compares a document with the one in force.
    ///
    /// Throws everything that stands in the way: what ``TopologyDocument/check(apartFrom:)`` finds, hosts named with
    /// the name or the address of another host, blackouts that would not fit, and what ``Settlement`` cannot settle.
    ///
    /// - Parameters:
    ///   - old: the document in force with the blackouts in force; nil when there is none.
    ///   - hosts: all hosts of the cluster.
    ///   - blocks: all blocks that hosts have.
    ///   - services: the cluster's ranges of service addresses.
    public init(
        from old: TopologyDocument?, to new: TopologyDocument, hosts: some Sequence<HostRecord>,
        blocks: some Sequence<BlockRecord>, services: [IPPrefix] = []
    ) throws(TopologyError) {
        let hosts = hosts.sorted { $0.name < $1.name }
        let blocks = Array(blocks)
        var problems = new.problems(apartFrom: services) + Self.clashes(of: new, with: hosts)
        var full = new
        do throws(TopologyError) {
            if let old { full = try new.keepingBlackouts(of: old) }
        } catch {
            problems += error.all
        }
        let stored = full.withoutShownHosts(hosts, old: old)
        let settlement: Settlement?
        do throws(TopologyError) {
            settlement = try Settlement(stored, hosts: hosts, blocks: blocks, shown: full, old: old)
        } catch {
            settlement = nil
            problems += error.all
        }
        if let error = TopologyError(problems) { throw error }
        guard let settlement else { throw TopologyError(field: "networks", problem: "nothing can be settled") }
        let pairs = full.pairs(with: old)
        let names = pairs.reduce(into: [String: String]()) { names, pair in
            if let before = pair.before, let after = pair.after { names[before.network.name] = after.network.name }
        }
        let known = Set(hosts.map(\.name))
        let blackouts = full.networks.flatMap(\.blackouts)
        let used = blocks.filter(\.isInUse).sorted { $0.cidr < $1.cidr }
        document = stored
        networks = pairs.map { NetworkChange($0.before, $0.after) }
        moves = hosts.flatMap { HostMove.moves(of: $0, to: settlement.groups[$0.name] ?? [:], renamed: names) }
        newcomers = full.namedHosts.filter { !known.contains($0.name) }
        self.settlement = settlement
        outside = used.filter { block in
            settlement.groups[block.host].map { groups in !groups.values.contains { $0.cidr.contains(block.cidr) } }
                ?? false
        }
        blackedOut = used.filter { block in blackouts.contains { $0.overlaps(block.cidr) } }
        blocksKept = used.count
        let isAlike = old.map { stored.looksLike($0) && stored.pins(of: hosts) == $0.pins(of: hosts) } ?? false
        let isSettled = settlement.hosts.isEmpty && settlement.blocks.isEmpty
        isEmpty = isAlike && isSettled && newcomers.isEmpty
    }

    /// Hosts that the document names as the cluster does not know them.
    private static func clashes(of document: TopologyDocument, with hosts: [HostRecord]) -> [TopologyError] {
        let byName = Dictionary(hosts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let byAddress = Dictionary(
            hosts.flatMap { host in host.addresses.map { ($0, host.name) } }, uniquingKeysWith: { first, _ in first })
        return document.namedHosts.flatMap { named in
            let field = document.namedField(of: named.name)
            var problems: [TopologyError] = []
            if let known = byName[named.name], known.addresses.first != named.addresses.first {
                let problem = "it names host \(named.name) with \(named.ip), host \(known.name) has \(known.ip)"
                problems.append(TopologyError(field: field, problem: problem))
            }
            for address in named.addresses {
                guard let other = byAddress[address], other != named.name else { continue }
                let problem = "it names host \(named.name) with \(address), which host \(other) has"
                problems.append(TopologyError(field: field, problem: problem))
            }
            return problems
        }
    }
}
