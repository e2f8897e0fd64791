import Addresses
import Policies

extension NetworkPolicy {
    /// The pods that it is about: `pods (app=web) of shop`.
    var target: String { Self.pods(podSelector, of: namespace) }

    /// Its rules in words; a direction that it isolates in without a rule has none.
    var clauses: [PolicyText.Clause] {
        let sides = [(Direction.ingress, "From", ingress), (Direction.egress, "To", egress)]
        return sides.filter { directions.contains($0.0) }.flatMap { _, title, rules in
            (rules ?? []).isEmpty
                ? [PolicyText.Clause(title: title, peers: [], rules: [])]
                : (rules ?? []).map { rule in
                    PolicyText.Clause(
                        title: title, peers: rule.peers.isEmpty ? ["any"] : rule.peers.map(words),
                        rules: rule.ports.isEmpty ? ["any"] : rule.ports.map(\.words))
                }
        }
    }

    /// `pods (app=web) of namespaces (team=x)`, `10.0.0.0/8 except 10.1.0.0/16`.
    private func words(_ peer: Peer) -> String {
        switch peer {
        case .block(let block, let exceptions):
            let list = exceptions.map(\.description).joined(separator: ", ")
            return exceptions.isEmpty ? block.description : "\(block) except \(list)"
        case .pods(let namespaces, let pods):
            let place = namespaces.map { $0.isEmpty ? "all namespaces" : "namespaces (\($0))" }
            return Self.pods(pods ?? LabelSelector(), of: place ?? namespace)
        }
    }

    private static func pods(_ selector: LabelSelector, of place: String) -> String {
        selector.isEmpty ? "pods of \(place)" : "pods (\(selector)) of \(place)"
    }
}

extension NetworkPolicy.Port {
    /// `tcp 80`, `udp 5000-5010`, `tcp http`, `sctp`.
    fileprivate var words: String {
        let transport = transport.rawValue.lowercased()
        return switch port {
        case nil: transport
        case .name(let name)?: "\(transport) \(name)"
        case .number(let first)?: endPort.map { "\(transport) \(first)-\($0)" } ?? "\(transport) \(first)"
        }
    }
}
