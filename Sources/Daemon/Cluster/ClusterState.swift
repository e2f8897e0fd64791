import Addresses
import Policies
import Topology

/// Everything the daemon knows of the cluster, as a value.
struct ClusterState: Sendable {
    /// The names of the keys it is read from.
    let keys: ClusterKeys
    /// The topology, nil while the store holds none.
    private(set) var topology: Known<StoredTopology>? {
        didSet { placement = topology.map { Placement($0.value.document, hosts: hosts.values.map(\.value)) } }
    }
    /// Who is in which group, and where the next host goes; nil while there is no topology.
    private(set) var placement: Placement?
    /// Hosts by name.
    private(set) var hosts: [String: Known<HostRecord>] = [:]
    /// Which host has an address.
    private(set) var hostByAddress: [IPAddress: String] = [:]
    /// Blocks by CIDR.
    private(set) var blocks: [IPPrefix: Known<BlockRecord>] = [:]
    /// The blocks of each host.
    private(set) var blocksByHost: [String: Set<IPPrefix>] = [:]
    /// The latest grants of each host.
    private(set) var ledgers: [String: Known<GrantLedger>] = [:]
    /// Policies by id.
    private(set) var policies: [String: Known<Policy>] = [:]
    /// Every block that is not free, in each leaf group: granted, unreadable, or chosen by a request under way.
    private(set) var taken = TakenBlocks()
    /// The store's revision that each part is known up to; a part that was never read is not in it.
    private(set) var reached: [ClusterPart: Int64] = [:]
    /// The revision of the last change seen in each part.
    private(set) var changed: [ClusterPart: Int64] = [:]

    /// Knows nothing yet.
    init(keys: ClusterKeys) {
        self.keys = keys
    }

    /// Whether every part has been read once.
    var isComplete: Bool { reached.count == ClusterPart.allCases.count }

    /// Throws an unavailable error until every part has been read once.
    func requireComplete() throws(DaemonError) {
        guard isComplete else { throw DaemonError(.unavailable, "read \(keys.prefix): etcd has not been read yet") }
    }

    /// Whether `part` is known at least up to `revision`.
    func hasReached(_ part: ClusterPart, _ revision: Int64) -> Bool {
        (reached[part] ?? 0) >= revision
    }

    /// Keeps blocks from being chosen again while a request commits them.
    mutating func reserve(_ blocks: [IPPrefix]) {
        for block in blocks { taken.reserve(block) }
    }

    /// Ends `reserve`; those that were granted meanwhile stay taken.
    mutating func unreserve(_ blocks: [IPPrefix]) {
        for block in blocks { taken.unreserve(block) }
    }

    /// Takes in what one mirror learned and returns the keys whose values cannot be read.
    mutating func take(_ news: StoreNews, _ part: ClusterPart) -> [String] {
        if news.isWhole { forget(part, but: news.changes) }
        var unreadable: [String] = []
        for change in news.changes {
            switch change {
            case .put(let entry):
                if !put(entry, part) { unreadable.append(entry.key) }
                changed[part] = max(changed[part] ?? 0, entry.modRevision)
            case .delete(let key, let revision):
                remove(key, part)
                changed[part] = max(changed[part] ?? 0, revision)
            }
        }
        reached[part] = max(reached[part] ?? 0, news.revision)
        return unreadable
    }
}

extension ClusterState {
    private mutating func put(_ entry: StoredValue, _ part: ClusterPart) -> Bool {
        switch part {
        case .topology:
            let read = try? JSONBody.value(StoredTopology.self, from: entry.value, what: entry.key)
            guard let read else { return false }
            topology = Known(value: read, modRevision: entry.modRevision)
        case .hosts:
            let name = String(entry.key.dropFirst(keys.hosts.count))
            removeHost(name)
            guard let host = try? JSONBody.value(HostRecord.self, from: entry.value, what: entry.key) else {
                return false
            }
            hosts[name] = Known(value: host, modRevision: entry.modRevision)
            placement?.add(host)
            for address in host.addresses { hostByAddress[address] = name }
        case .blocks:
            guard let cidr = keys.block(inKey: entry.key) else { return false }
            removeBlock(cidr)
            taken.grant(cidr)
            guard let block = try? JSONBody.value(BlockRecord.self, from: entry.value, what: entry.key) else {
                return false
            }
            blocks[cidr] = Known(value: block, modRevision: entry.modRevision)
            blocksByHost[block.host, default: []].insert(cidr)
        case .grants:
            let name = String(entry.key.dropFirst(keys.grants.count))
            let ledger = try? JSONBody.value(GrantLedger.self, from: entry.value, what: entry.key)
            ledgers[name] = Known(value: ledger ?? GrantLedger(), modRevision: entry.modRevision)
            return ledger != nil
        case .policies:
            let id = String(entry.key.dropFirst(keys.policies.count))
            policies[id] = nil
            guard let policy = try? JSONBody.value(Policy.self, from: entry.value, what: entry.key) else {
                return false
            }
            policies[id] = Known(value: policy, modRevision: entry.modRevision)
        }
        return true
    }

    private mutating func remove(_ key: String, _ part: ClusterPart) {
        switch part {
        case .topology: topology = nil
        case .hosts: removeHost(String(key.dropFirst(keys.hosts.count)))
        case .blocks: if let cidr = keys.block(inKey: key) { removeBlock(cidr) }
        case .grants: ledgers[String(key.dropFirst(keys.grants.count))] = nil
        case .policies: policies[String(key.dropFirst(keys.policies.count))] = nil
        }
    }

    /// Drops what a part holds, save for the keys named.
    private mutating func forget(_ part: ClusterPart, but changes: [StoreChange]) {
        let kept = Set(changes.compactMap { if case .put(let entry) = $0 { entry.key } else { nil } })
        switch part {
        case .topology:
            if !kept.contains(keys.topology) { topology = nil }
        case .hosts:
            for name in hosts.keys where !kept.contains(keys.host(name)) { removeHost(name) }
        case .blocks:
            for cidr in taken.granted where !kept.contains(keys.block(cidr)) { removeBlock(cidr) }
        case .grants:
            for name in ledgers.keys where !kept.contains(keys.grants(of: name)) { ledgers[name] = nil }
        case .policies:
            for id in policies.keys where !kept.contains(keys.policy(id)) { policies[id] = nil }
        }
    }

    private mutating func removeHost(_ name: String) {
        guard let host = hosts.removeValue(forKey: name)?.value else { return }
        placement?.remove(host)
        for address in host.addresses where hostByAddress[address] == name { hostByAddress[address] = nil }
    }

    private mutating func removeBlock(_ cidr: IPPrefix) {
        taken.ungrant(cidr)
        guard let block = blocks.removeValue(forKey: cidr)?.value else { return }
        blocksByHost[block.host]?.remove(cidr)
        if blocksByHost[block.host]?.isEmpty == true { blocksByHost[block.host] = nil }
    }
}
