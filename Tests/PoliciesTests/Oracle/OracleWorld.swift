import Addresses
import Policies

/// A small shop on two nodes, and policies for it in few words.
enum OracleWorld {
    /// Pods web, db and cache of the shop, desk of the office, and shop/proxy on the network of node n2.
    static func oracle(_ networkPolicies: [NetworkPolicy] = [], _ policies: [Policy] = []) -> PolicyOracle {
        PolicyOracle(
            namespaces: ["shop": ["team": "sales"], "office": ["team": "desk"]],
            nodes: ["n1": addresses("192.168.0.1", "fd01::1"), "n2": addresses("192.168.0.2", "fd01::2")],
            pods: [
                pod("shop", "web", "n1", ["app": "web", "romana.io/segment": "front"], 1, http: 80),
                pod("shop", "db", "n2", ["app": "db"], 2, http: 8080),
                pod("shop", "cache", "n1", ["app": "cache", "tier": "back"], 3, http: 80),
                pod("office", "desk", "n2", ["app": "desk"], 4, http: 81),
                PolicyOracle.Pod(
                    PodRecord(namespace: "shop", name: "proxy", node: "n2", labels: ["app": "web"]),
                    usesHostNetwork: true),
            ], networkPolicies: networkPolicies, policies: policies)
    }

    /// What an oracle says of a question such as `shop/web -> shop/db tcp/80`, over IPv6 where it ends in `6`.
    static func judge(_ question: String, _ oracle: PolicyOracle) -> Judgement? {
        let words = question.split(separator: " ").map { String($0) }
        let family: AddressFamily = words.last == "6" ? .ipv6 : .ipv4
        guard words.count >= 4, let from = PolicyOracle.Endpoint(words[0]), let to = PolicyOracle.Endpoint(words[2]),
            let traffic = PolicyOracle.Traffic(words[3], family: family)
        else { return nil }
        return oracle.judge(from: from, to: to, traffic, family: family)
    }

    /// A policy of the shop.
    static func policy(
        _ name: String = "p", _ app: String? = nil, types: [NetworkPolicy.Direction]? = nil,
        ingress: [NetworkPolicy.Rule]? = nil, egress: [NetworkPolicy.Rule]? = nil
    ) -> NetworkPolicy {
        NetworkPolicy(
            namespace: "shop", name: name, podSelector: app.map { labels(["app": $0]) } ?? LabelSelector(),
            policyTypes: types, ingress: ingress, egress: egress)
    }

    static func labels(_ labels: [String: String]) -> LabelSelector { LabelSelector(matchLabels: labels) }

    static func demand(_ key: String, _ name: LabelRequirement.Operator, _ values: String...) -> LabelSelector {
        LabelSelector(matchExpressions: [LabelRequirement(key, name, values)])
    }

    /// Peers by a block, less exceptions.
    static func block(_ text: String, except: String...) throws -> NetworkPolicy.Peer {
        .block(try IPPrefix(parsing: text), except: try except.map { try IPPrefix(parsing: $0) })
    }

    private static func addresses(_ texts: String...) -> [IPAddress] { texts.compactMap { IPAddress($0) } }

    private static func pod(
        _ namespace: String, _ name: String, _ node: String, _ labels: [String: String], _ number: Int, http: UInt16
    ) -> PolicyOracle.Pod {
        PolicyOracle.Pod(
            PodRecord(
                namespace: namespace, name: name, node: node, labels: labels,
                addresses: addresses("10.0.0.\(number)", "fd00::\(number)"),
                ports: [.init("http", .tcp, http), .init("dns", .udp, 53)]))
    }
}
