public import Addresses

/// A connection's kind of traffic, as chains are asked about it.
public enum ConnectionTraffic: Hashable, Sendable {
    /// A protocol and the port of its destination.
    case port(NetworkPolicy.Transport, UInt16)
    /// ICMP or ICMPv6.
    case icmp(type: UInt8, code: UInt8)
    /// Anything else.
    case other(UInt8)
}

/// What one direction of a connection comes to.
public struct DirectionJudgement: Hashable, Sendable {
    /// Whether it is allowed.
    public var isAllowed: Bool
    /// Why, in words: the rule that said so, or the lack of one.
    public var reason: String
    /// The chain that was asked; nil when no policy selects the pod.
    public var chain: String?
}

extension NodePolicies {
    /// Whether a connection is allowed as far as this node's pods have a say: that of the end that is here, or of both.
    public func allows(from source: IPAddress, to destination: IPAddress, _ traffic: ConnectionTraffic) -> Bool {
        if source == destination { return true }
        return judge(.egress, of: source, peer: destination, traffic)?.isAllowed ?? true
            && judge(.ingress, of: destination, peer: source, traffic)?.isAllowed ?? true
    }

    /// What a pod's policies say of a connection in one direction; nil when the address is no pod's of this node.
    public func judge(
        _ direction: NetworkPolicy.Direction, of own: IPAddress, peer: IPAddress, _ traffic: ConnectionTraffic
    ) -> DirectionJudgement? {
        guard let pod = pods.values.first(where: { $0.addresses.contains(own) }) else { return nil }
        guard let key = pod.applied[direction], let profile = profiles[key]?.profile else {
            return DirectionJudgement(isAllowed: true, reason: "no policy is about its \(direction)", chain: nil)
        }
        let destination = direction == .ingress ? own : peer
        let name = profile.chain.name
        for rule in profile.chain.rules where matches(rule, own, peer, destination, traffic, profile) {
            switch rule.verdict {
            case .allow: return DirectionJudgement(isAllowed: true, reason: rule.origin, chain: name)
            case .deny: return DirectionJudgement(isAllowed: false, reason: rule.origin, chain: name)
            case .chain(let part):
                let inner = profile.parts.first { $0.name == part }?.rules ?? []
                for rule in inner where matches(rule, own, peer, destination, traffic, profile) {
                    return DirectionJudgement(isAllowed: rule.verdict == .allow, reason: rule.origin, chain: name)
                }
            }
        }
        let isAllowed = profile.chain.end == .allow
        return DirectionJudgement(
            isAllowed: isAllowed,
            reason: isAllowed ? "nothing denies it" : "no rule of \(profile.chain.titles) allows it", chain: name)
    }

    private func matches(
        _ rule: ChainRule, _ own: IPAddress, _ peer: IPAddress, _ destination: IPAddress,
        _ traffic: ConnectionTraffic, _ profile: Profile
    ) -> Bool {
        if let family = rule.family, family != own.family { return false }
        switch rule.peer {
        case .any: break
        case .members(let number):
            guard let meaning = numbering[number], groups[meaning.group]?.members[peer] != nil else { return false }
        case .block(let block, let except):
            guard block.contains(peer), !except.contains(where: { $0.contains(peer) }) else { return false }
        case .ranges(let name, _):
            guard ranges[name]?.set.contains(peer) ?? false else { return false }
        }
        switch (rule.traffic, traffic) {
        case (.any, _): return true
        case (.ports(let transport, let range), .port(let own, let port)):
            return transport == own && range.contains(port)
        case (.named(let transport, let number), .port(let own, let port)):
            guard transport == own, case .ports(let group, let name, _)? = numbering[number] else { return false }
            return groups[group]?.members[destination]?.contains {
                $0.name == name && $0.transport == transport && $0.port == port
            } ?? false
        case (.icmp(let type, let code), .icmp(let ownType, let ownCode)):
            return type ?? ownType == ownType && code ?? ownCode == ownCode
        default: return false
        }
    }
}
