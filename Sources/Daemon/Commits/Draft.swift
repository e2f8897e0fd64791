import Addresses
import Topology

/// What one transaction would write for several requests, and all that their answers rest on.
struct Draft: Sendable {
    /// How many operations of each kind one request may need.
    struct Cost: Sendable {
        /// Keys that must be as they were seen.
        var conditions: Int
        /// Keys that are written.
        var writes: Int
    }

    /// What was known when it was begun.
    let seen: [ClusterPart: Int64]
    /// Keys and the revisions they were seen at; nil when they were not there.
    private(set) var expected: [String: Int64?] = [:]
    /// The revision since which no host may have been set; nil when that does not matter.
    private(set) var hostsUnchangedSince: Int64?
    /// Hosts to write, by name.
    private(set) var hosts: [String: HostRecord] = [:]
    /// Who has the addresses of those hosts.
    private(set) var hostByAddress: [IPAddress: String] = [:]
    /// Where hosts are once those are written; nil while none is.
    private(set) var placement: Placement?
    /// Blocks to write, in the order they were chosen.
    private(set) var blocks: [BlockRecord] = []
    /// Lists of grants to write, by host.
    private(set) var ledgers: [String: GrantLedger] = [:]
    /// About how many bytes all that is.
    private var bytes = 0
    /// How many bytes are enough; etcd takes 1.5 MiB in one request, and one record more may come on top.
    private static let enoughBytes = 768 << 10

    /// Begins an empty draft on a state.
    init(on state: borrowing ClusterState) {
        seen = state.reached
    }

    /// Whether a request that may need so much still fits into the transaction.
    func hasRoom(for cost: Cost) -> Bool {
        let conditions = expected.count + (hostsUnchangedSince == nil ? 0 : 1)
        let writes = hosts.count + blocks.count + ledgers.count
        return bytes < Self.enoughBytes && conditions + cost.conditions <= StoreTransaction.largest
            && writes + cost.writes <= StoreTransaction.largest
    }

    /// Whether nothing is to be judged.
    var isEmpty: Bool { expected.isEmpty && hostsUnchangedSince == nil && writesNothing }

    /// Whether the store would stay as it is.
    var writesNothing: Bool { hosts.isEmpty && blocks.isEmpty && ledgers.isEmpty }

    /// The answer rests on a key being as it was seen.
    mutating func expect(_ key: String, at revision: Int64?) {
        expected.updateValue(revision, forKey: key)
    }

    /// The answer rests on no host having been set since a revision.
    mutating func expectHosts(unchangedSince revision: Int64) {
        hostsUnchangedSince = revision
    }

    /// Writes a host, which counts for those decided after it; `placement` is where hosts were before the first.
    mutating func write(_ host: HostRecord, insteadOf before: HostRecord?, _ placement: Placement) {
        var places = self.placement ?? placement
        self.placement = nil
        if let before { places.remove(before) }
        places.add(host)
        self.placement = places
        hosts[host.name] = host
        let texts = [host.tags, host.kubernetes].joined().reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 6 }
        bytes += 1024 + texts
        for address in before?.addresses ?? [] where hostByAddress[address] == host.name {
            hostByAddress[address] = nil
        }
        for address in host.addresses { hostByAddress[address] = host.name }
    }

    /// Writes blocks and the list of grants that has them.
    mutating func write(_ blocks: [BlockRecord], _ ledger: GrantLedger, of host: String) {
        self.blocks += blocks
        bytes += blocks.count * 512 + ledger.grants.count * 256
        ledgers[host] = ledger
    }

    /// The transaction; its keys are read back when it is refused.
    func transaction(_ keys: ClusterKeys) throws(DaemonError) -> StoreTransaction {
        var transaction = StoreTransaction()
        for (key, revision) in expected { transaction.expect(key, at: revision) }
        if let hostsUnchangedSince {
            transaction.conditions.append(.unchangedSince(prefix: keys.hosts, hostsUnchangedSince))
        }
        for host in hosts.values { transaction.then.append(.put(keys.host(host.name), try JSONBody.bytes(host))) }
        for block in blocks { transaction.then.append(.put(keys.block(block.cidr), try JSONBody.bytes(block))) }
        for (host, ledger) in ledgers {
            transaction.then.append(.put(keys.grants(of: host), try JSONBody.bytes(ledger)))
        }
        return transaction
    }
}
