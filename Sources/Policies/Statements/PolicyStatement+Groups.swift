extension PolicyStatement {
    /// Every group whose members must be known where the policy is enforced.
    ///
    /// That is who its peers name and, for a named port of whoever is reached, every pod: which port it is differs from
    /// one destination to the next.
    public var groups: Set<PodGroup> {
        var groups: Set<PodGroup> = []
        for clause in (ingress ?? []) + (egress ?? []) + egressDenials {
            for case .pods(let group) in clause.peers ?? [] { groups.insert(group) }
        }
        if ((egress ?? []) + egressDenials).contains(where: \.namesPortsOfAnybody) { groups.insert(.everyPod) }
        return groups
    }
}

extension PolicyStatement.Clause {
    /// Whether it names ports of destinations that it does not name as a group.
    fileprivate var namesPortsOfAnybody: Bool {
        let namesPorts = (traffic ?? []).contains { if case .named = $0 { true } else { false } }
        let namesAnybody = peers.map { $0.contains { if case .block = $0 { true } else { false } } } ?? true
        return namesPorts && namesAnybody
    }
}
