extension LabelSelector {
    /// What Kubernetes would not take, in the order of the document.
    func problems(_ field: String) -> [PolicyError.Problem] {
        matchExpressions.enumerated().flatMap { index, requirement in
            requirement.problems("\(field).matchExpressions[\(index)]")
        }
    }
}

extension LabelRequirement {
    fileprivate func problems(_ field: String) -> [PolicyError.Problem] {
        var problems: [PolicyError.Problem] = []
        if key.isEmpty { problems.append(.init("\(field).key", "it is empty")) }
        switch `operator` {
        case .isIn, .isNotIn:
            if values.isEmpty { problems.append(.init("\(field).values", "\(`operator`.rawValue) needs values")) }
        case .exists, .doesNotExist:
            if !values.isEmpty { problems.append(.init("\(field).values", "\(`operator`.rawValue) takes no values")) }
        case .isInOrMissing:
            problems.append(
                .init(
                    "\(field).operator",
                    "\"\(`operator`.rawValue)\" is none of \(Operator.ofKubernetes.joined(separator: ", "))"))
        }
        return problems
    }
}
