import Addresses

/// Makes a profile of the policies that select a pod.
///
/// - *Rules add up:* a clause of p sorts of peers and t kinds of traffic becomes p·t rules, or p rules that lead to a
///   chain of t rules where that is fewer.
/// - *Many blocks of addresses* become one set of ranges; a few are rules of their own.
/// - *Names of ports* are those of the pod itself on its way in, and a set's on its way out.
struct ProfileCompiler {
    /// A direction of the pod.
    let direction: NetworkPolicy.Direction
    /// The families that its pods have addresses of.
    let families: [AddressFamily]
    /// The ports that the pod's own containers name.
    let ports: [PodRecord.NamedPort]
    /// Gives numbers.
    private(set) var numbering: SetNumbers

    private var rules: [ChainRule] = []
    private var parts: [PolicyChain] = []
    private var ranges: [RangeSet] = []
    private var numbers: Set<UInt32> = []
    private var groups: Set<String> = []
    private var denialGroups: Set<String> = []

    /// Blocks of one clause and family that are worth a rule each.
    private static let blocksInRules = 4

    private var onlyFamily: AddressFamily? { families.count == 1 ? families.first : nil }

    init(
        _ direction: NetworkPolicy.Direction, families: [AddressFamily], ports: [PodRecord.NamedPort],
        numbering: SetNumbers
    ) {
        self.direction = direction
        self.families = families
        self.ports = ports
        self.numbering = numbering
    }

    /// The profile of statements that select the pod; nil when they leave the direction open.
    mutating func compile(_ statements: [PolicyStatement]) -> Profile? {
        var titles: [String] = []
        var isIsolated = false
        if direction == .egress {
            for statement in statements where !statement.egressDenials.isEmpty {
                titles.append(statement.title)
                add(statement.egressDenials, .deny, statement, "denial")
            }
        }
        for statement in statements {
            guard let clauses = direction == .ingress ? statement.ingress : statement.egress else { continue }
            if !titles.contains(statement.title) { titles.append(statement.title) }
            isIsolated = true
            add(clauses, .allow, statement, direction.rawValue.lowercased())
        }
        // A denial has to wait for its peers even while no family is known that it could have a rule for.
        guard isIsolated || !rules.isEmpty || !denialGroups.isEmpty else { return nil }
        let chain = PolicyChain(
            direction, rules, end: isIsolated ? .deny : .allow, family: onlyFamily,
            titles: titles.joined(separator: ", "))
        return Profile(
            chain: chain, parts: parts, ranges: ranges, numbers: numbers, groups: groups, denialGroups: denialGroups)
    }

    private mutating func add(
        _ clauses: [PolicyStatement.Clause], _ verdict: ChainRule.Verdict, _ statement: PolicyStatement, _ word: String
    ) {
        for (index, clause) in clauses.enumerated() {
            let origin = "\(statement.title) \(word) \(index)"
            let peers = matches(of: clause.peers, verdict)
            let traffic = matches(of: clause)
            // A group is a rule for each family.
            if traffic.count > 1, peers.flatMap({ variants($0, .any, verdict, origin) }).count > 1 {
                let inner = traffic.flatMap { variants(.any, $0, verdict, origin) }
                let part = PolicyChain(direction, inner, end: .back, family: onlyFamily, titles: origin)
                if !parts.contains(part) { parts.append(part) }
                rules += peers.flatMap { variants($0, .any, .chain(part.name), origin) }
            } else {
                rules += peers.flatMap { peer in traffic.flatMap { variants(peer, $0, verdict, origin) } }
            }
        }
    }

    /// The rules of a match: one a family where a family must be named.
    private func variants(
        _ peer: PeerMatch, _ traffic: TrafficMatch, _ verdict: ChainRule.Verdict, _ origin: String
    ) -> [ChainRule] {
        var needsFamily = peer.family != nil
        if case .members = peer { needsFamily = true }
        switch traffic {
        case .named, .icmp: needsFamily = true
        default: break
        }
        guard needsFamily else {
            return [ChainRule(peer: peer, traffic: traffic, verdict: verdict, origin: origin)]
        }
        return families.filter { peer.family == nil || peer.family == $0 }.map {
            ChainRule(family: $0, peer: peer, traffic: traffic, verdict: verdict, origin: origin)
        }
    }

    private mutating func matches(of peers: [PolicyStatement.Peer]?, _ verdict: ChainRule.Verdict) -> [PeerMatch] {
        guard let peers else { return [.any] }
        var found: [PeerMatch] = []
        var blocks: [(block: IPPrefix, except: [IPPrefix])] = []
        for peer in peers {
            switch peer {
            case .pods(let group):
                let key = group.key
                groups.insert(key)
                if verdict == .deny { denialGroups.insert(key) }
                let number = numbering.number(of: .members(key))
                numbers.insert(number)
                if !found.contains(.members(number)) { found.append(.members(number)) }
            case .block(let block, let except):
                blocks.append((block, except))
            }
        }
        for family in families {
            // An exception that covers its block leaves nothing of it.
            let own = blocks.filter { block in
                block.block.family == family && !block.except.contains { $0.contains(block.block) }
            }
            if own.isEmpty { continue }
            if own.count <= Self.blocksInRules, own.allSatisfy({ $0.except.count <= Self.blocksInRules }) {
                found += own.map { .block($0.block, except: $0.except.filter { $0.family == family }) }
            } else if let set = RangeSet(own, family) {
                if !ranges.contains(set) { ranges.append(set) }
                found.append(.ranges(set.name, family))
            }
        }
        return found
    }

    private mutating func matches(of clause: PolicyStatement.Clause) -> [TrafficMatch] {
        guard let kinds = clause.traffic else { return [.any] }
        var found: [TrafficMatch] = []
        for kind in kinds {
            switch kind {
            case .ports(let transport, let range): found.append(.ports(transport, range))
            case .icmp(let type, let code): found.append(.icmp(type: type, code: code))
            case .named(let transport, let name):
                if direction == .ingress {
                    for port in ports where port.name == name && port.transport == transport {
                        found.append(.ports(transport, port.port...port.port))
                    }
                } else {
                    found += named(name, transport, clause.peers)
                }
            }
        }
        return found
    }

    /// A name of a port on the way out: the destination's, whichever of the peers it is.
    private mutating func named(
        _ name: String, _ transport: NetworkPolicy.Transport, _ peers: [PolicyStatement.Peer]?
    ) -> [TrafficMatch] {
        // One set serves all peers of the clause: that of every pod, since the peers are matched besides. Where all peers
        // are groups their own members are enough.
        var keys: Set<String> = []
        for peer in peers ?? [] {
            if case .pods(let group) = peer { keys.insert(group.key) } else { keys.insert(PodGroup.everyPod.key) }
        }
        if peers == nil { keys = [PodGroup.everyPod.key] }
        if keys.contains(PodGroup.everyPod.key) { keys = [PodGroup.everyPod.key] }
        groups.formUnion(keys)
        var found: [TrafficMatch] = []
        for key in keys.sorted() {
            let number = numbering.number(of: .ports(key, name, transport))
            numbers.insert(number)
            found.append(.named(transport, number))
        }
        return found
    }
}
