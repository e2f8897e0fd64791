/// Reads what a NetworkPolicy says and collects what of it cannot be understood.
///
/// Nothing that it leaves out makes more allowed than is written: a rule loses the peers and ports that are not
/// understood, and is lost with the last of them, since one without peers is about everybody.
struct NetworkPolicyReader {
    /// How long the path to the policy is, within a list of them for instance.
    let depth: Int
    private(set) var problems: [PolicyError.Problem] = []

    init(depth: Int) { self.depth = depth }

    /// Reads `spec`.
    mutating func read(_ decoder: any Decoder, into policy: inout NetworkPolicy) {
        let selector = attempt(decoder) { decoder in
            try decoder.container(keyedBy: DocumentKey.self).value("podSelector", LabelSelector.self)
        }
        guard let selector else {
            policy.unread = .init(problems: problems, hidesSubject: true)
            return
        }
        policy.podSelector = selector ?? LabelSelector()
        policy.policyTypes = policyTypes(decoder)
        let ingress = rules(decoder, "ingress", peers: "from")
        let egress = rules(decoder, "egress", peers: "to")
        policy.ingress = ingress.rules
        policy.egress = egress.rules
        if (policy.policyTypes ?? []).isEmpty, egress.count > 0, policy.egress?.isEmpty ?? true {
            // That there are rules of egress isolates; it must not take the last of them to be understood.
            policy.policyTypes = [.ingress, .egress]
        }
        let isKnown = attempt(decoder) { decoder in
            try decoder.members("podSelector", "policyTypes", "ingress", "egress")
        }
        if isKnown == nil {
            policy = policy.closed
        }
        if !problems.isEmpty { policy.unread = .init(problems: problems, hidesSubject: false) }
    }

    /// The directions; one that is not known isolates in both.
    private mutating func policyTypes(_ decoder: any Decoder) -> [NetworkPolicy.Direction]? {
        let types = attempt(decoder) { decoder in
            try decoder.container(keyedBy: DocumentKey.self).value("policyTypes", [NetworkPolicy.Direction].self)
        }
        return types ?? NetworkPolicy.Direction.allCases
    }

    /// The rules of a direction that are understood, nil when it says nothing of them, and how many are written.
    private mutating func rules(
        _ decoder: any Decoder, _ key: String, peers: String
    ) -> (rules: [NetworkPolicy.Rule]?, count: Int) {
        guard let items = items(decoder, key) else { return ([], 1) }
        return (items?.compactMap { rule($0, peers: peers) }, items?.count ?? 0)
    }

    private mutating func rule(_ decoder: any Decoder, peers key: String) -> NetworkPolicy.Rule? {
        guard attempt(decoder, { try $0.members(key, "ports") }) != nil,
            let peers = values(decoder, key, of: NetworkPolicy.Peer.self),
            let ports = values(decoder, "ports", of: NetworkPolicy.Port.self)
        else { return nil }
        return NetworkPolicy.Rule(peers: peers, ports: ports)
    }

    /// The values of a list that are understood; nil when there are none but should be.
    private mutating func values<Value: Decodable>(
        _ decoder: any Decoder, _ key: String, of type: Value.Type
    ) -> [Value]? {
        guard let items = items(decoder, key) else { return nil }
        let values = (items ?? []).compactMap { item in attempt(item) { try Value(from: $0) } }
        return values.isEmpty && !(items ?? []).isEmpty ? nil : values
    }

    /// The items of a list, nil when it is missing or null; nil once more when it is no list.
    private mutating func items(_ decoder: any Decoder, _ key: String) -> [any Decoder]?? {
        attempt(decoder) { decoder in
            let members = try decoder.container(keyedBy: DocumentKey.self)
            guard try members.says(key) else { return nil }
            var list = try members.nestedUnkeyedContainer(forKey: DocumentKey(key))
            var items: [any Decoder] = []
            while !list.isAtEnd {
                let index = items.count
                guard try !list.decodeNil() else {
                    throw DecodingError.dataCorrupted(
                        .init(codingPath: list.codingPath, debugDescription: "item \(index) is null"))
                }
                items.append(try list.superDecoder())
            }
            return items
        }
    }

    /// What `body` makes of a part of the document; when it cannot, that is a problem, and nil.
    private mutating func attempt<Value>(
        _ decoder: any Decoder, _ body: (any Decoder) throws -> Value
    ) -> Value? {
        do {
            return try body(decoder)
        } catch {
            problems.append(problem(error, at: decoder.codingPath))
            return nil
        }
    }

    private func problem(_ error: any Error, at path: [any CodingKey]) -> PolicyError.Problem {
        guard let error = error as? DecodingError else { return .init(field(path), "\(error)") }
        return switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            .init(field(context.codingPath), context.debugDescription)
        case .keyNotFound(let key, let context): .init(field(context.codingPath), "it has no \(key.stringValue)")
        @unknown default: .init(field(path), "\(error)")
        }
    }

    /// `spec.ingress[0].from[2].ipBlock.cidr`, from the policy on.
    private func field(_ path: [any CodingKey]) -> String {
        path.dropFirst(depth).reduce(into: "") { field, key in
            if let index = key.intValue {
                field += "[\(index)]"
            } else {
                field += field.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }
}
