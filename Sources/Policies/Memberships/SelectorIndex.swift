/// A label and its value.
struct Label: Hashable, Sendable {
    let key: String
    let value: String
}

/// Finds the selectors that an object's labels could match without trying them all.
///
/// Each selector is kept under one label that it cannot do without.
struct SelectorIndex: Sendable {
    private var byLabel: [Label: Set<Int>] = [:]
    private var byKey: [String: Set<Int>] = [:]
    private var others: Set<Int> = []

    var isEmpty: Bool { byLabel.isEmpty && byKey.isEmpty && others.isEmpty }

    /// Adds a selector under a number of its own.
    mutating func insert(_ id: Int, _ selector: LabelSelector) {
        switch selector.anchor {
        case .labels(let labels): for label in labels { byLabel[label, default: []].insert(id) }
        case .key(let key): byKey[key, default: []].insert(id)
        case .nothing: others.insert(id)
        }
    }

    /// Removes the selector with which a number was added.
    mutating func remove(_ id: Int, _ selector: LabelSelector) {
        switch selector.anchor {
        case .labels(let labels):
            for label in labels {
                byLabel[label]?.remove(id)
                if byLabel[label]?.isEmpty ?? false { byLabel[label] = nil }
            }
        case .key(let key):
            byKey[key]?.remove(id)
            if byKey[key]?.isEmpty ?? false { byKey[key] = nil }
        case .nothing: others.remove(id)
        }
    }

    /// Calls `body` with every selector that could match; each once.
    func forEachCandidate(_ labels: [String: String], _ body: (Int) -> Void) {
        for (key, value) in labels {
            if !byLabel.isEmpty, let ids = byLabel[Label(key: key, value: value)] { ids.forEach(body) }
            if !byKey.isEmpty, let ids = byKey[key] { ids.forEach(body) }
        }
        others.forEach(body)
    }
}

extension LabelSelector {
    /// What an object needs to have to match.
    enum Anchor {
        /// One of these labels, all of the same key.
        case labels([Label])
        /// A label of this key.
        case key(String)
        /// Nothing in particular.
        case nothing
    }

    /// Something without which an object does not match, as narrow as there is.
    var anchor: Anchor {
        if let (key, value) = matchLabels.min(by: { $0.key < $1.key }) {
            return .labels([Label(key: key, value: value)])
        }
        if let requirement = matchExpressions.first(where: { $0.operator == .isIn }) {
            return .labels(Set(requirement.values).map { Label(key: requirement.key, value: $0) })
        }
        return matchExpressions.first { $0.operator == .exists }.map { .key($0.key) } ?? .nothing
    }
}
