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
    private(set) var ledgers: [String: Known<StoredLedger>] = [:]
    /// Policies by id.
    private(set) var policies: [String: Known<StoredPolicy>] = [:]
    /// Addresses that were given out by the API, by name.
    private(set) var reservations: [String: Known<Reservation>] = [:]
    /// The same by block.
    private(set) var reservedAddresses: [IPPrefix: Set<IPAddress>] = [:]
    /// Daemons that serve, by name.
    private(set) var daemons: Set<String> = []
    /// Every block that is not free: granted, unreadable, or chosen by a request under way.
    private(set) var taken = BlockSpace()
    /// Blocks that the store holds, those with unreadable records among them, with the revisions of their keys.
    private var granted: [IPPrefix: Int64] = [:]
    /// The part of every group that this daemon looks in first; nil when no other is in its way.
    var lane: Lane?
    /// The revision of the last grant seen; its blocks have the same.
    private(set) var lastGrant: Int64 = 0
    /// The revision up to which every host that was set is known.
    private(set) var hostsKnown: Int64 = 0
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

    /// Whether the blocks of every grant are known that is known itself.
    var knowsGrantedBlocks: Bool { isComplete && hasReached(.blocks, lastGrant) }

    /// Keeps a block from being chosen again while a request commits it.
    mutating func reserve(_ block: IPPrefix) { taken.take(block) }

    /// Ends `reserve`; a block that was granted meanwhile stays taken.
    mutating func unreserve(_ block: IPPrefix) { taken.release(block) }

    /// Takes in what a transaction of this daemon's wrote, ahead of the mirrors.
    ///
    /// A part that is known up to there already may know better what became of it since.
    mutating func adopt(_ draft: Draft, at revision: Int64) {
        if !hasReached(.hosts, revision) {
            for host in draft.hosts.values { set(host, revision) }
        }
        if draft.hostsUnchangedSince != nil { hostsKnown = max(hostsKnown, revision) }
        if !hasReached(.blocks, revision) {
            for block in draft.blocks { set(block, revision) }
        }
        if !hasReached(.grants, revision) {
            for (host, ledger) in draft.ledgers {
                ledgers[host] = Known(value: StoredLedger(ledger), modRevision: revision)
            }
        }
    }

    /// Takes in what one mirror learned and returns the keys whose values cannot be read.
    mutating func take(_ news: StoreNews, _ part: ClusterPart) -> [String] {
        if news.isWhole { forget(part, upTo: news.revision, but: news.changes) }
        var unreadable: [String] = []
        for change in news.changes {
            switch change {
            case .put(let entry):
                if entry.modRevision > knownRevision(entry.key, part), !put(entry, part) {
                    unreadable.append(entry.key)
                }
                changed[part] = max(changed[part] ?? 0, entry.modRevision)
                if part == .grants { lastGrant = max(lastGrant, entry.modRevision) }
            case .delete(let key, let revision):
                if revision > knownRevision(key, part) { remove(key, part) }
                changed[part] = max(changed[part] ?? 0, revision)
            }
        }
        reached[part] = max(reached[part] ?? 0, news.revision)
        if part == .hosts { hostsKnown = max(hostsKnown, news.revision) }
        return unreadable
    }
}

extension ClusterState {
    /// The revision that a key is known at; -1 when it is not known.
    private func knownRevision(_ key: String, _ part: ClusterPart) -> Int64 {
        switch part {
        case .topology: topology?.modRevision ?? -1
        case .hosts: hosts[name(key, part)]?.modRevision ?? -1
        case .blocks: keys.block(inKey: key).flatMap { granted[$0] } ?? -1
        case .grants: ledgers[name(key, part)]?.modRevision ?? -1
        case .policies: policies[name(key, part)]?.modRevision ?? -1
        case .addresses: reservations[name(key, part)]?.modRevision ?? -1
        case .daemons: -1
        }
    }

    /// What a key of a part names.
    private func name(_ key: String, _ part: ClusterPart) -> String {
        String(key.dropFirst(part.range(keys).start.count))
    }

    private mutating func put(_ entry: StoredValue, _ part: ClusterPart) -> Bool {
        switch part {
        case .topology:
            let read = try? JSONBody.value(StoredTopology.self, from: entry.value, what: entry.key)
            guard let read else { return false }
            topology = Known(value: read, modRevision: entry.modRevision)
        case .hosts:
            removeHost(name(entry.key, part))
            guard let host = try? JSONBody.value(HostRecord.self, from: entry.value, what: entry.key),
                host.name == name(entry.key, part)
            else { return false }
            set(host, entry.modRevision)
        case .blocks:
            guard let cidr = keys.block(inKey: entry.key) else { return false }
            guard let block = try? JSONBody.value(BlockRecord.self, from: entry.value, what: entry.key),
                block.cidr == cidr
            else {
                // Nobody knows whose it is, so nobody else gets it.
                removeBlock(cidr)
                granted[cidr] = entry.modRevision
                taken.take(cidr)
                return false
            }
            set(block, entry.modRevision)
        case .grants:
            ledgers[name(entry.key, part)] = Known(
                value: StoredLedger(bytes: entry.value), modRevision: entry.modRevision)
        case .policies:
            policies[name(entry.key, part)] = nil
            guard let policy = try? JSONBody.value(StoredPolicy.self, from: entry.value, what: entry.key) else {
                return false
            }
            policies[name(entry.key, part)] = Known(value: policy, modRevision: entry.modRevision)
        case .addresses:
            removeReservation(name(entry.key, part))
            guard let known = try? JSONBody.value(Reservation.self, from: entry.value, what: entry.key) else {
                return false
            }
            reservations[name(entry.key, part)] = Known(value: known, modRevision: entry.modRevision)
            reservedAddresses[known.block, default: []].insert(known.address)
        case .daemons: daemons.insert(name(entry.key, part))
        }
        return true
    }

    private mutating func remove(_ key: String, _ part: ClusterPart) {
        switch part {
        case .topology: topology = nil
        case .hosts: removeHost(name(key, part))
        case .blocks: if let cidr = keys.block(inKey: key) { removeBlock(cidr) }
        case .grants: ledgers[name(key, part)] = nil
        case .policies: policies[name(key, part)] = nil
        case .addresses: removeReservation(name(key, part))
        case .daemons: daemons.remove(name(key, part))
        }
    }

    /// Drops what a part held up to a revision, save for the keys named.
    private mutating func forget(_ part: ClusterPart, upTo revision: Int64, but changes: [StoreChange]) {
        let kept = Set(changes.compactMap { if case .put(let entry) = $0 { entry.key } else { nil } })
        let known: [String] =
            switch part {
            case .topology: topology == nil ? [] : [keys.topology]
            case .hosts: hosts.keys.map { keys.host($0) }
            case .blocks: granted.keys.map { keys.block($0) }
            case .grants: ledgers.keys.map { keys.grants(of: $0) }
            case .policies: policies.keys.map { keys.policy($0) }
            case .addresses: reservations.keys.map { keys.address($0) }
            case .daemons: daemons.map { keys.daemon($0) }
            }
        for key in known where !kept.contains(key) && knownRevision(key, part) <= revision { remove(key, part) }
    }

    private mutating func set(_ host: HostRecord, _ revision: Int64) {
        removeHost(host.name)
        hosts[host.name] = Known(value: host, modRevision: revision)
        placement?.add(host)
        for address in host.addresses { hostByAddress[address] = host.name }
    }

    private mutating func removeHost(_ name: String) {
        guard let host = hosts.removeValue(forKey: name)?.value else { return }
        placement?.remove(host)
        for address in host.addresses where hostByAddress[address] == name { hostByAddress[address] = nil }
    }

    private mutating func set(_ block: BlockRecord, _ revision: Int64) {
        if let before = blocks[block.cidr]?.value, before.host == block.host {
            // A tag or a count changed, as happens all the time.
            blocks[block.cidr] = Known(value: block, modRevision: revision)
            granted[block.cidr] = revision
            return
        }
        removeBlock(block.cidr)
        granted[block.cidr] = revision
        taken.take(block.cidr)
        blocks[block.cidr] = Known(value: block, modRevision: revision)
        blocksByHost[block.host, default: []].insert(block.cidr)
    }

    private mutating func removeReservation(_ name: String) {
        guard let known = reservations.removeValue(forKey: name)?.value else { return }
        reservedAddresses[known.block]?.remove(known.address)
        if reservedAddresses[known.block]?.isEmpty == true { reservedAddresses[known.block] = nil }
    }

    private mutating func removeBlock(_ cidr: IPPrefix) {
        if granted.removeValue(forKey: cidr) != nil { taken.release(cidr) }
        guard let block = blocks.removeValue(forKey: cidr)?.value else { return }
        blocksByHost[block.host]?.remove(cidr)
        if blocksByHost[block.host]?.isEmpty == true { blocksByHost[block.host] = nil }
    }
}
