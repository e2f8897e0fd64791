import Addresses

extension Policy {
    /// The longest id in bytes: `kube.` with a namespace, a name and a UID has room.
    public static let longestID = 512

    /// Throws everything that keeps the policy from standing.
    public func check() throws(PolicyError) {
        let problems = problems
        guard problems.isEmpty else { throw PolicyError(id: id, problems: problems) }
    }

    /// Everything that keeps the policy from standing, in the order of the document.
    public var problems: [PolicyError.Problem] {
        var problems: [PolicyError.Problem] = []
        if let problem = Self.problem(ofID: id) { problems.append(.init("id", problem)) }
        if targets.isEmpty { problems.append(.init("applied_to", "it is empty, so the policy is about nobody")) }
        if clauses.isEmpty { problems.append(.init("ingress", "it is empty, so the policy says nothing")) }
        for (index, target) in targets.enumerated() {
            problems += target.problems(field: "applied_to[\(index)]", kind: target.targetKind)
        }
        for (index, clause) in clauses.enumerated() {
            problems += clause.problems(field: "ingress[\(index)]")
            problems += clashes(of: clause, field: "ingress[\(index)]")
        }
        return problems
    }

    /// What is wrong with an id; nil when it can be one.
    public static func problem(ofID id: String) -> String? {
        if id.isEmpty { return "it is empty" }
        if id.utf8.count > longestID { return "it has \(id.utf8.count) bytes, the most is \(longestID)" }
        let isPlain = id.unicodeScalars.allSatisfy { $0 != "/" && !$0.properties.isWhitespace && $0.value >= 0x20 }
        guard isPlain, !id.unicodeScalars.contains("\u{7f}"), id != ".", id != ".." else {
            return "\"\(id)\" has a slash, a space or a control character, or is a path"
        }
        return nil
    }

    /// Pairs of target and peer that no packet filter is known for.
    private func clashes(of clause: PolicyClause, field: String) -> [PolicyError.Problem] {
        var problems: [PolicyError.Problem] = []
        for target in Set(targets.compactMap(\.targetKind)).sorted(by: { $0.rawValue < $1.rawValue }) {
            for (index, peer) in clause.peers.enumerated() {
                guard let kind = peer.peerKind, !Self.isKnown(direction, target, kind) else { continue }
                problems.append(
                    .init(
                        "\(field).peers[\(index)]",
                        "\(direction) of \(target.noun) with \(kind.noun) as peer is not something a policy can say"))
            }
        }
        return problems
    }

    /// Whether a policy can be about traffic of such a target with such a peer.
    static func isKnown(
        _ direction: PolicyDirection, _ target: PolicyEndpointKind, _ peer: PolicyEndpointKind
    ) -> Bool {
        switch (direction, target, peer) {
        case (_, .tenant, .any), (_, .tenant, .cidr), (_, .tenant, .tenant), (_, .tenant, .segment): true
        case (_, .segment, .any), (_, .segment, .cidr), (_, .segment, .tenant), (_, .segment, .segment): true
        case (.ingress, .host, .tenant), (.ingress, .host, .segment), (.ingress, .host, .local): true
        default: false
        }
    }
}

extension PolicyClause {
    fileprivate func problems(field: String) -> [PolicyError.Problem] {
        var problems: [PolicyError.Problem] = []
        if peers.isEmpty { problems.append(.init("\(field).peers", "it is empty; all peers are {\"peer\": \"any\"}")) }
        if rules.isEmpty {
            problems.append(.init("\(field).rules", "it is empty; all traffic is {\"protocol\": \"any\"}"))
        }
        for (index, peer) in peers.enumerated() {
            problems += peer.problems(field: "\(field).peers[\(index)]", kind: peer.peerKind)
        }
        for (index, rule) in rules.enumerated() { problems += rule.problems(field: "\(field).rules[\(index)]") }
        return problems
    }
}

extension PolicyEndpoint {
    fileprivate func problems(field: String, kind: PolicyEndpointKind?) -> [PolicyError.Problem] {
        if fields.count > 1 {
            // Whichever of them counted, the other would be ignored, and the policy wider than it reads.
            return [.init(field, "it says \(fields.joined(separator: " and ")); one of them names an endpoint")]
        }
        if tenant.isEmpty, !segment.isEmpty {
            return [.init("\(field).tenant_id", "it is empty, and segment \(segment) is of no tenant")]
        }
        guard kind == nil else { return [] }
        let said = fields.first.map { "\($0) \"\(peer)\(cidr.map(\.description) ?? "")\(destination)\"" }
        return [.init(field, said.map { "\($0) names no endpoint here" } ?? "it names no endpoint")]
    }
}
