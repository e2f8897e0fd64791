import Addresses

extension NetworkPolicy {
    /// The most rules, peers, exceptions and ports together.
    ///
    /// Who writes more than that by hand means harm; an object of the API server has no room for many more.
    public static let mostItems = 100_000

    /// The most bytes of JSON, as ``size`` counts them: etcd takes 1.5 MiB in a request.
    public static let largest = 1_500_000

    /// The most problems that are told one by one.
    private static let mostProblems = 32

    /// Throws everything that keeps the policy from standing as it is written.
    public func check() throws(PolicyError) {
        let problems = problems
        guard problems.isEmpty else { throw PolicyError(id: id, problems: problems) }
    }

    /// Everything that keeps the policy from standing as it is written; ``standing`` is what stands of it.
    public var problems: [PolicyError.Problem] {
        var problems = unread?.problems ?? []
        problems += subjectProblems
        problems += sizeProblems
        for (key, peers, rules) in [("ingress", "from", ingress), ("egress", "to", egress)] {
            for (index, rule) in (rules ?? []).enumerated() {
                problems += rule.problems("spec.\(key)[\(index)]", peers: peers)
            }
        }
        guard problems.count > Self.mostProblems else { return problems }
        return problems.prefix(Self.mostProblems) + [
            .init("spec", "\(problems.count - Self.mostProblems) more things are wrong")
        ]
    }

    /// The policy less what keeps it from standing; nil when it is not known which pods it is about.
    ///
    /// It isolates the same pods in the same directions, and allows nothing that is not written and understood.
    public var standing: NetworkPolicy? {
        guard !(unread?.hidesSubject ?? false), subjectProblems.isEmpty else { return nil }
        guard sizeProblems.isEmpty else { return closed }
        var standing = self
        standing.unread = nil
        standing.ingress = ingress?.compactMap { $0.standing(peers: "from") }
        standing.egress = egress?.compactMap { $0.standing(peers: "to") }
        // Which directions it isolates in may follow from rules that are not there any more.
        if standing.directions != directions { standing.policyTypes = Direction.allCases }
        return standing
    }

    /// The policy that isolates the same pods in the same directions and allows nothing.
    public var closed: NetworkPolicy {
        NetworkPolicy(
            namespace: namespace, name: name, uid: uid, podSelector: podSelector,
            policyTypes: Direction.allCases.filter(directions.contains))
    }

    private var subjectProblems: [PolicyError.Problem] {
        let name = Policy.problem(ofID: id).map { [PolicyError.Problem("metadata.name", $0)] } ?? []
        return name + podSelector.problems("spec.podSelector")
    }

    private var sizeProblems: [PolicyError.Problem] {
        let count = itemCount
        if count > Self.mostItems { return [.init("spec", "it has \(count) items, the most is \(Self.mostItems)")] }
        let size = size
        return size > Self.largest ? [.init("spec", "it has \(size) bytes, the most is \(Self.largest)")] : []
    }
}

extension NetworkPolicy.Rule {
    fileprivate func problems(_ field: String, peers key: String) -> [PolicyError.Problem] {
        var problems: [PolicyError.Problem] = []
        for (index, peer) in peers.enumerated() { problems += peer.problems("\(field).\(key)[\(index)]") }
        for (index, port) in ports.enumerated() { problems += port.problems("\(field).ports[\(index)]") }
        return problems
    }

    /// The rule with the peers and ports that can stand; nil when that would be all of them for none.
    fileprivate func standing(peers key: String) -> NetworkPolicy.Rule? {
        let peers = peers.filter { $0.problems(key).isEmpty }
        let ports = ports.filter { $0.problems("ports").isEmpty }
        if peers.isEmpty != self.peers.isEmpty || ports.isEmpty != self.ports.isEmpty { return nil }
        return NetworkPolicy.Rule(peers: peers, ports: ports)
    }
}

extension NetworkPolicy.Peer {
    fileprivate func problems(_ field: String) -> [PolicyError.Problem] {
        switch self {
        case .pods(nil, nil):
            [.init(field, "it says nothing; everybody is meant where there are no peers")]
        case .pods(let namespaces, let pods):
            (namespaces?.problems("\(field).namespaceSelector") ?? [])
                + (pods?.problems("\(field).podSelector") ?? [])
        case .block(let block, let exceptions):
            exceptions.enumerated().filter { !block.contains($0.element) }.map { index, exception in
                .init("\(field).ipBlock.except[\(index)]", "\(exception) is not within \(block)")
            }
        }
    }
}

extension NetworkPolicy.Port {
    private static let numbers = 1...65535

    fileprivate func problems(_ field: String) -> [PolicyError.Problem] {
        switch port {
        case nil:
            return endPort == nil ? [] : [.init("\(field).endPort", "there is no port that it would be the end from")]
        case .name(let name)?:
            guard Self.isName(name) else { return [.init("\(field).port", "\"\(name)\" is not the name of a port")] }
            return endPort == nil ? [] : [.init("\(field).endPort", "a range begins with a number, not with a name")]
        case .number(let first)?:
            guard Self.numbers.contains(first) else { return [.init("\(field).port", "\(first) is not a port")] }
            guard let endPort else { return [] }
            if !Self.numbers.contains(endPort) { return [.init("\(field).endPort", "\(endPort) is not a port")] }
            return endPort < first ? [.init("\(field).endPort", "\(endPort) is below \(first)")] : []
        }
    }

    /// Whether a container can name a port so: 1 to 15 lower-case letters, digits and hyphens, a letter among them,
    /// and hyphens only between others (RFC 6335 section 5.1).
    private static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        let hyphen = UInt8(ascii: "-")
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return (1...15).contains(bytes.count) && bytes.contains(where: letters.contains)
            && bytes.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == hyphen }
            && bytes.first != hyphen && bytes.last != hyphen
            && !zip(bytes, bytes.dropFirst()).contains { $0 == hyphen && $1 == hyphen }
    }
}
