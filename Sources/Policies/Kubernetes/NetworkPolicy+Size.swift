import Addresses

extension NetworkPolicy {
    /// How many rules, peers, exceptions and ports it has.
    var itemCount: Int {
        ((ingress ?? []) + (egress ?? [])).reduce(0) { count, rule in
            rule.peers.reduce(count + 1 + rule.peers.count + rule.ports.count) { count, peer in
                guard case .block(_, let exceptions) = peer else { return count }
                return count + exceptions.count
            }
        }
    }

    /// About how many bytes of JSON it is, and never fewer.
    public var size: Int {
        let rules = ((ingress ?? []) + (egress ?? [])).reduce(0) { size, rule in
            size + 24 + rule.peers.reduce(0) { $0 + $1.size } + rule.ports.reduce(0) { $0 + $1.size }
        }
        return 256 + namespace.size + name.size + uid.size + podSelector.size + rules
    }
}

extension NetworkPolicy.Peer {
    fileprivate var size: Int {
        switch self {
        case .pods(let namespaces, let pods):
            3 + (namespaces.map { 21 + $0.size } ?? 0) + (pods.map { 15 + $0.size } ?? 0)
        case .block(let block, let exceptions):
            40 + block.size + exceptions.reduce(0) { $0 + $1.size + 1 }
        }
    }
}

extension IPPrefix {
    /// The quotes, and the longest text that its family has.
    fileprivate var size: Int { family == .ipv4 ? 20 : 45 }
}

extension NetworkPolicy.Port {
    fileprivate var size: Int {
        guard case .name(let name) = port else { return 50 }
        return 50 + name.size
    }
}

extension LabelSelector {
    fileprivate var size: Int {
        let labels = matchLabels.reduce(0) { $0 + $1.key.size + $1.value.size + 6 }
        let expressions = matchExpressions.reduce(0) { size, requirement in
            let values = requirement.values.reduce(0) { $0 + $1.size + 3 }
            return size + 38 + requirement.key.size + requirement.operator.rawValue.size + values
        }
        return 3 + (labels == 0 ? 0 : labels + 17) + (expressions == 0 ? 0 : expressions + 22)
    }
}

extension String {
    /// Its bytes in JSON; control characters take six each, and a slash may take two.
    fileprivate var size: Int {
        utf8.reduce(0) { $0 + ($1 < 0x20 ? 6 : $1 == 0x22 || $1 == 0x5c || $1 == 0x2f ? 2 : 1) }
    }
}
