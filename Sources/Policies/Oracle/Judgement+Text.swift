import Addresses

extension Judgement: CustomStringConvertible {
    /// One sentence such as
    /// `shop/web -> shop/db TCP 5432: allowed: egress not isolated; ingress by NetworkPolicy shop/db rule 0`.
    public var description: String {
        "\(from) -> \(to) \(traffic): \(isAllowed ? "allowed" : "denied"): \(reason)"
    }

    /// Why it is allowed or denied, as the end of a sentence.
    public var reason: String {
        switch exemption {
        case .itself?: "a pod always reaches itself"
        case .ownNode(let node)?: "node \(node) and its own pods always reach each other"
        case nil: "egress \(egress); ingress \(ingress)"
        }
    }
}

extension Judgement.Verdict: CustomStringConvertible {
    /// The end of a sentence that begins with the direction.
    public var description: String {
        switch self {
        case .notPoliced: "not policed"
        case .notIsolated: "not isolated"
        case .allowed(let rule): "by \(rule)"
        case .forbidden(let rule): "forbidden by \(rule)"
        case .denied(let policies):
            "isolated by \(policies.map(\.description).joined(separator: ", ")), "
                + (policies.count == 1 ? "which does not allow it" : "none of which allows it")
        }
    }
}

extension Judgement.Rule: CustomStringConvertible {
    /// The policy and the number of the rule.
    public var description: String { "\(policy) rule \(index)" }
}

extension Judgement.PolicyName: CustomStringConvertible {
    /// What kind of policy it is, and its name.
    public var description: String {
        switch self {
        case .network(let namespace, let name): "NetworkPolicy \(namespace)/\(name)"
        case .romana(let id): "Romana policy \(id)"
        }
    }
}

extension PolicyOracle.Endpoint {
    /// `NAMESPACE/NAME`, an address, or `node:NAME`.
    public var description: String {
        switch self {
        case .pod(let namespace, let name): "\(namespace)/\(name)"
        case .node(let name): "node:\(name)"
        case .address(let address): address.description
        }
    }
}

extension PolicyOracle.Traffic: CustomStringConvertible {
    /// `TCP 80` or `ICMP type 8 code 0`.
    public var description: String {
        switch self {
        case .port(let transport, let port): "\(transport.rawValue) \(port)"
        case .icmp(let type, let code): "ICMP type \(type) code \(code)"
        }
    }
}
