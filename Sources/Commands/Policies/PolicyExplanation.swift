import Addresses
import CNIProtocol
import Policies

/// Whether some traffic is allowed, as each end has it, and as the kernels of the nodes have it.
struct PolicyExplanation: Sendable {
    /// What is said at one end.
    struct Verdict: Sendable {
        /// Whether it consents; nil when nobody could be asked.
        var isAllowed: Bool?
        /// Why, as the end of a sentence.
        var reason: String
        /// What the node's kernel does, nil when it was not asked.
        var kernel: Kernel?
    }

    /// What a node's kernel does.
    struct Kernel: Sendable {
        var isAllowed: Bool
        /// Where in its tables.
        var rule: String
    }

    var from: String
    var to: String
    var traffic: String
    var family: AddressFamily
    /// What is said where the traffic comes from.
    var egress: Verdict
    /// What is said where it goes to.
    var ingress: Verdict

    /// Both ends consent, one does not, or nobody knows.
    var isAllowed: Bool? {
        let verdicts = [egress.isAllowed, ingress.isAllowed]
        if verdicts.contains(false) { return false }
        return verdicts.contains(nil) ? nil : true
    }

    /// Whether some kernel does other than what was worked out from policies.
    var isContradicted: Bool {
        [egress, ingress].contains { verdict in verdict.kernel.map { $0.isAllowed != verdict.isAllowed } ?? false }
    }

    /// 0 for allowed, 1 for denied, 2 when it cannot be told, 3 when a kernel disagrees.
    var exitStatus: Int32 {
        if isContradicted { return 3 }
        return switch isAllowed {
        case true?: 0
        case false?: 1
        case nil: 2
        }
    }

    /// One sentence: `shop/web -> shop/db TCP 5432 over IPv4: denied`.
    var sentence: String {
        let verdict =
            switch isAllowed {
            case true?: "allowed"
            case false?: "denied"
            case nil: "not known"
            }
        return "\(from) -> \(to) \(traffic) over \(family == .ipv4 ? "IPv4" : "IPv6"): \(verdict)"
            + (isContradicted ? ", and a kernel disagrees" : "")
    }

    /// For people and programs.
    var view: View {
        View(document) {
            var table = Table(
                [
                    .init("Direction", .key), .init("Verdict", .key), .init("Reason"), .init("Kernel", .key),
                    .init("Kernel's Rule", .minor),
                ], empty: "")
            for (direction, verdict) in [("egress", egress), ("ingress", ingress)] {
                table.add([
                    .init(direction), Self.cell(verdict.isAllowed), .init(verdict.reason), Self.kernel(verdict),
                    .init(verdict.kernel?.rule ?? ""),
                ])
            }
            return [Lines([sentence]), table]
        }
    }

    private static func cell(_ isAllowed: Bool?) -> Table.Cell {
        switch isAllowed {
        case true?: .init("allowed", .good)
        case false?: .init("denied", .bad)
        case nil: .init("not known", .warning)
        }
    }

    private static func kernel(_ verdict: Verdict) -> Table.Cell {
        guard let kernel = verdict.kernel else { return .init("not asked") }
        if kernel.isAllowed == verdict.isAllowed { return .init("agrees", .good) }
        return .init(kernel.isAllowed ? "allows" : "denies", .bad)
    }

    private var document: JSONValue {
        [
            "from": .string(from), "to": .string(to), "traffic": .string(traffic), "family": .string("\(family)"),
            "allowed": isAllowed.map { .bool($0) } ?? .null, "contradicted": .bool(isContradicted),
            "egress": egress.document, "ingress": ingress.document,
        ]
    }
}

extension PolicyExplanation.Verdict {
    /// What an agent answers, or nil when it says nothing of the direction.
    init?(_ document: JSONValue?) {
        guard let isAllowed = document?["allowed"]?.boolValue else { return nil }
        let kernel = document?["kernel"]
        self.init(
            isAllowed: isAllowed, reason: document?["reason"].shown ?? "",
            kernel: (kernel?["allowed"]?.boolValue).map { .init(isAllowed: $0, rule: kernel?["rule"].shown ?? "") })
    }

    fileprivate var document: JSONValue {
        [
            "allowed": isAllowed.map { .bool($0) } ?? .null, "reason": .string(reason),
            "kernel": kernel.map { ["allowed": .bool($0.isAllowed), "rule": .string($0.rule)] } ?? .null,
        ]
    }
}
