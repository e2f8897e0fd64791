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
    var size: Int {
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
            4 + (namespaces.map { 22 + $0.size } ?? 0) + (pods.map { 16 + $0.size } ?? 0)
        // No prefix takes more than 43 characters.
        case .block(_, let exceptions): 90 + exceptions.count * 46
        }
    }
}

extension NetworkPolicy.Port {
    fileprivate var size: Int {
        guard case .name(let name) = port else { return 60 }
        return 60 + name.size
    }
}

extension LabelSelector {
    fileprivate var size: Int {
        let labels = matchLabels.reduce(0) { $0 + $1.key.size + $1.value.size + 6 }
        let expressions = matchExpressions.reduce(0) { size, requirement in
            size + 60 + requirement.key.size + requirement.values.reduce(0) { $0 + $1.size + 3 }
        }
        return 4 + (labels == 0 ? 0 : labels + 18) + (expressions == 0 ? 0 : expressions + 24)
    }
}

extension String {
    /// Its bytes in JSON; control characters take six each, and a slash may take two.
    fileprivate var size: Int {
        utf8.reduce(0) { $0 + ($1 < 0x20 ? 6 : $1 == 0x22 || $1 == 0x5c || $1 == 0x2f ? 2 : 1) }
    }
}
