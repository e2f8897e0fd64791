import Addresses
import SeededRandom
import Topology

/// A cluster to which random things happen, with what must hold after each of them.
struct ClusterHistory {
    var random: SeededGenerator
    var topology: RandomTopology
    var cluster: ClusterModel
    var pods: [String: ClusterModel.Pod] = [:]
    /// How often each thing happened, so that a test can tell that it tests something.
    var events: [String: Int] = [:]
    private var names = 0
    private var grantsSeen = 0

    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        topology = RandomTopology(&random)
        while topology.document == nil { topology = RandomTopology(&random) }
        cluster = try ClusterModel(topology.document ?? TopologyDocument(networks: [], topologies: []))
    }

    /// Makes something happen and gives what is wrong with that, in words.
    mutating func step() throws -> [String] {
        var faults: [String] = []
        switch Int.random(in: 0..<40, using: &random) {
        case 0..<3: addHost()
        case 3: removeHost()
        case 4..<6: faults += relabel()
        case 6..<10: faults += post()
        case 10: faults += try postShown()
        case 11: faults += postNamed()
        case 12: blackOut()
        case 13:
            if let blackout = cluster.document.blackouts().randomElement(using: &random) {
                try cluster.remove(blackout: blackout.cidr)
            }
        case 14..<16: faults += restart()
        case 16: faults += try replay()
        case 17..<19: if let name = host() { cluster.giveBack(from: name) }
        case 19: cluster.writeRecords()
        case 20..<25: faults += free()
        default: faults += allocate()
        }
        return faults + grantFaults()
    }

    private mutating func note(_ event: String) { events[event, default: 0] += 1 }

    private mutating func host() -> String? { cluster.hosts.keys.sorted().randomElement(using: &random) }

    private mutating func labels() -> [String: String] {
        ([[:], ["rack": "0"], ["rack": "1"], ["rack": "1", "more": "x"]] as [[String: String]])
            .randomElement(using: &random) ?? [:]
    }

    private mutating func addHost() {
        guard cluster.hosts.count < 6 else { return }
        names += 1
        let host = HostRecord(
            name: "h\(names)", addresses: IPAddress("192.168.0.\(names % 250)").map { [$0] } ?? [], tags: labels())
        let done: Void? = try? cluster.add(host)
        note(done == nil ? "host refused" : "host added")
    }

    private mutating func removeHost() {
        guard cluster.hosts.count > 1, let name = host() else { return }
        cluster.remove(name)
        pods = pods.filter { $0.value.host != name }
        note("host removed")
    }

    /// New labels move the host or are refused, and touch no block.
    private mutating func relabel() -> [String] {
        guard let name = host(), var host = cluster.hosts[name] else { return [] }
        let (before, blocks) = (host, cluster.blocks)
        host.tags = labels()
        let done: Void? = try? cluster.add(host)
        note(done == nil ? "label refused" : cluster.hosts[name]?.groups == before.groups ? "label kept" : "host moved")
        return (cluster.blocks == blocks ? [] : ["a label touched blocks"])
            + (done == nil && cluster.hosts[name] != before ? ["a refused label stays"] : [])
    }

    /// Another document is taken if and only if nothing in use is in its way.
    private mutating func post() -> [String] {
        var next = topology
        if Int.random(in: 0..<3, using: &random) == 0 { next = RandomTopology(&random) } else { next.mutate(&random) }
        guard let document = next.document else { return [] }
        cluster.writeRecords()
        let before = cluster
        let isPossible =
            cluster.blocks.values.filter(\.isInUse).allSatisfy { block in
                document.networks.contains { network in
                    document.tree(of: network.name)?.leaves.contains { $0.cidr.contains(block.cidr) } ?? false
                }
            }
            && cluster.hosts.values.allSatisfy { host in
                document.networks.contains {
                    document.tree(of: $0.name)?.leaves.contains { $0.suits(host.tags) } ?? false
                }
            }
            && !cluster.document.blackouts().contains { blackout in
                document.networks.contains { blackout.cidr.contains($0.cidr) }
            }
        do throws(TopologyError) {
            let change = try cluster.post(document)
            topology = next
            note(change.isEmpty ? "topology kept" : "topology changed")
            if !change.outside.isEmpty { note("blocks outside") }
            return isPossible ? [] : ["a topology was taken though something is in its way"]
        } catch {
            note("topology refused")
            let isUntouched =
                cluster.document == before.document && cluster.hosts == before.hosts && cluster.blocks == before.blocks
            return (isPossible ? ["a topology was refused for nothing: \(error)"] : [])
                + (isUntouched ? [] : ["a refused topology left its traces"])
        }
    }

    /// What is shown can be posted back and changes nothing.
    private mutating func postShown() throws -> [String] {
        cluster.writeRecords()
        let shown = try Documents.copy(cluster.document.shown(with: cluster.hosts.values.sorted { $0.name < $1.name }))
        note("topology shown")
        return try cluster.post(shown).isEmpty ? [] : ["what is shown is a change"]
    }

    /// A host that is named in another group of a network goes there, and nobody else goes anywhere.
    private mutating func postNamed() -> [String] {
        guard let name = host(), let host = cluster.hosts[name],
            let network = host.groups.keys.sorted().randomElement(using: &random),
            let leaf = cluster.document.tree(of: network)?.leaves.filter({ !$0.isDummy }).randomElement(using: &random)
        else { return [] }
        cluster.writeRecords()
        var shown = cluster.hosts
        shown[name]?.groups[network] = leaf.place
        let document = cluster.document.shown(with: shown.values.sorted { $0.name < $1.name })
        do throws(TopologyError) {
            let moves = try cluster.post(document).moves
            note("host named")
            let isAlone = moves.allSatisfy { $0.host == name && $0.network == network }
            return (isAlone ? [] : ["naming \(name) moved others: \(moves.map(\.description))"])
                + (cluster.hosts[name]?.groups[network] == leaf.place ? [] : ["\(name) is not where it is named"])
        } catch {
            return ["naming a host was refused: \(error)"]
        }
    }

    private mutating func blackOut() {
        let texts = [
            "10.0.0.0/30", "10.0.0.8/29", "10.0.0.16/32", "10.0.0.32/28", "fd00::/125", "fd00::80/122", "10.0.1.0/29",
        ]
        guard let cidr = texts.randomElement(using: &random).flatMap({ IPPrefix($0) }) else { return }
        let done: Void? = try? cluster.add(blackout: cidr)
        note(done == nil ? "blackout refused" : "blackout added")
    }

    /// A restarted agent has what its pods have, and its blocks.
    private mutating func restart() -> [String] {
        guard let name = host() else { return [] }
        cluster.writeRecords()
        let before = cluster.nodes[name]?.records ?? []
        cluster.restart(name, pods: pods.values)
        note("restart")
        return cluster.nodes[name]?.records == before ? [] : ["a restart changed what a node knows of its blocks"]
    }

    /// The records alone give the same cluster, which decides alike.
    private mutating func replay() throws -> [String] {
        cluster.writeRecords()
        let again = try ClusterModel(replaying: cluster, pods: pods.values)
        note("replay")
        var faults: [String] = []
        if again.hosts != cluster.hosts || again.blocks != cluster.blocks {
            faults.append("records differ after a replay")
        }
        for (name, host) in cluster.hosts {
            if again.nodes[name]?.records != cluster.nodes[name]?.records {
                faults.append("blocks of \(name) differ after a replay")
            }
            let grants = [cluster, again].map { cluster in
                host.groups.keys.sorted().map { network in
                    try? BlockGrant(
                        2, of: network,
                        home: host.groups[network] ?? HostGroup(path: "", cidr: host.addresses[0].hostPrefix),
                        held: cluster.blocks.values.filter { $0.host == name }.map(\.cidr), taken: cluster.taken,
                        placement: cluster.placement)
                }
            }
            if grants[0] != grants[1] { faults.append("grants of \(name) differ after a replay") }
        }
        let newcomer = HostRecord(name: "new", addresses: [], tags: labels())
        if (try? again.placement.groups(for: newcomer)) != (try? cluster.placement.groups(for: newcomer)) {
            faults.append("placement differs after a replay")
        }
        cluster = again
        return faults
    }

    private mutating func allocate() -> [String] {
        guard let name = host() else { return [] }
        names += 1
        let pod = "p\(names)"
        let (tenant, segment) = (
            "t\(Int.random(in: 0..<3, using: &random))", Bool.random(using: &random) ? "s" : "default"
        )
        guard let given = try? cluster.allocate(pod, on: name, tenant, segment) else {
            note("no address")
            return []
        }
        let addresses = given.split(separator: " ").compactMap { IPAddress(String($0)) }
        pods[pod] = ClusterModel.Pod(owner: pod, host: name, tenant: tenant, segment: segment, addresses: addresses)
        note("address given")
        return addresses.flatMap { address -> [String] in
            if cluster.blocks.values.contains(where: { $0.group.isEmpty && $0.cidr.contains(address) }) {
                return ["\(address) is part of a block without a group"]
            }
            guard let network = cluster.document.networks.first(where: { $0.cidr.contains(address) }) else {
                return ["\(address) is part of no network"]
            }
            return (network.serves(tenant) ? [] : ["\(address) of network \(network.name) was given to \(tenant)"])
                + (network.blackouts.contains { $0.contains(address) } ? ["\(address) is blacked out"] : [])
        }
    }

    private mutating func free() -> [String] {
        guard let name = pods.keys.sorted().randomElement(using: &random), let pod = pods.removeValue(forKey: name)
        else { return [] }
        note("address freed")
        return cluster.release(name, on: pod.host) == pod.addresses ? [] : ["\(name) gave back something else"]
    }

    /// Grants since the last look: of the host's own group, or of another when that is full.
    private mutating func grantFaults() -> [String] {
        defer { grantsSeen = cluster.grants.count }
        guard cluster.grants.count > grantsSeen else { return [] }
        return cluster.grants[grantsSeen...].flatMap { grant -> [String] in
            if grant.isSpilled { note("spill") }
            let isApart = grant.blocks.allSatisfy { grant.group.cidr.contains($0) }
            guard let network = cluster.document.network(containing: grant.home.cidr) else {
                return ["a grant of no network"]
            }
            let isEarly = grant.isSpilled && cluster.taken.hasRoom(in: grant.home.cidr, of: network)
            return (isApart ? [] : ["a block outside of its group"])
                + (isEarly ? ["a spill from a group with room"] : [])
        }
    }
}
