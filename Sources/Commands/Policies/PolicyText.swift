import CNIProtocol
import FoundationEssentials
import Policies

/// A policy in words.
struct PolicyText {
    /// Peers and the traffic with them.
    struct Clause {
        /// What is said before the peers.
        var title = "Peers"
        let peers: [String]
        let rules: [String]
    }

    let id: String
    let direction: String
    let remark: String
    /// Whom it is about.
    let targets: [String]
    let clauses: [Clause]

    init(_ policy: JSONValue) {
        id = policy["id"].shown
        if let object = try? JSONDecoder().decode(StoredPolicy.self, from: Data(policy.bytes)),
            case .kubernetes(let object) = object
        {
            direction = NetworkPolicy.Direction.allCases.filter(object.directions.contains)
                .map { $0.rawValue.lowercased() }.joined(separator: ", ")
            remark = "NetworkPolicy \(object.title)"
            targets = [object.target]
            clauses = object.clauses
        } else {
            direction = policy["direction"].shown
            remark = policy["description"].shown
            targets = (policy["applied_to"]?.arrayValue ?? []).map(Self.endpoint)
            clauses = (policy["ingress"]?.arrayValue ?? []).map { clause in
                Clause(
                    peers: (clause["peers"]?.arrayValue ?? []).map(Self.endpoint),
                    rules: (clause["rules"]?.arrayValue ?? []).map(Self.rule))
            }
        }
    }

    /// The long form.
    var lines: [String] {
        var lines = ["Policy \(id)"]
        if !remark.isEmpty { lines.append("  Description  \(remark)") }
        lines.append("  Direction    \(direction)")
        lines.append("  Applied to   \(Self.list(targets))")
        for clause in clauses {
            let gap = String(repeating: " ", count: max(1, 13 - clause.title.utf8.count))
            lines.append("  \(clause.title)\(gap)\(Self.list(clause.peers))")
            if !clause.peers.isEmpty { lines.append("    Rules      \(Self.list(clause.rules))") }
        }
        return lines
    }

    private static func list(_ items: [String]) -> String { items.isEmpty ? "none" : items.joined(separator: "; ") }

    /// `tenant shop, segment web`, `10.0.0.0/8`, `any`, `host`.
    private static func endpoint(_ endpoint: JSONValue) -> String {
        let parts = [
            endpoint["peer"].shown, endpoint["dest"].shown, endpoint["cidr"].shown,
            part("tenant", endpoint["tenant_id"]), part("segment", endpoint["segment_id"]),
        ].filter { !$0.isEmpty }
        return parts.isEmpty ? "nobody" : parts.joined(separator: ", ")
    }

    private static func part(_ noun: String, _ value: JSONValue?) -> String {
        value.shown.isEmpty ? "" : "\(noun) \(value.shown)"
    }

    /// `tcp 80, 443, 8000-8100`, `icmp type 3 code 1`, `any`.
    private static func rule(_ rule: JSONValue) -> String {
        let ports = (rule["ports"]?.arrayValue ?? []).map { JSONValue?.some($0).shown }
        let ranges = (rule["port_ranges"]?.arrayValue ?? []).map { range in
            (range.arrayValue ?? []).map { JSONValue?.some($0).shown }.joined(separator: "-")
        }
        var text = rule["protocol"].shown
        let numbers = (ports + ranges).joined(separator: ", ")
        if !numbers.isEmpty { text += " " + numbers }
        // Nothing and 0 both mean that any will do, and a code says something only with a type.
        if let type = rule["icmp_type"]?.intValue, type != 0 {
            text += " type \(type)"
            if let code = rule["icmp_code"]?.intValue, code != 0 { text += " code \(code)" }
        }
        return text
    }
}
