/// Statements by the pods that they could be about, so that a pod is held against those alone.
struct SubjectIndex: Sendable {
    private struct Label: Hashable {
        var namespace: String
        var key: String
        var value: String
    }

    /// Statements that ask for no label by its value, by namespace.
    private var unlabelled: [String: Set<String>] = [:]
    /// The others by one of the labels that they ask for.
    private var labelled: [Label: Set<String>] = [:]

    /// Whether no statement is in it.
    var isEmpty: Bool { unlabelled.isEmpty && labelled.isEmpty }

    /// A statement came.
    mutating func insert(_ id: String, _ statement: PolicyStatement) {
        for subject in statement.subjects {
            if let label = Self.label(of: subject) {
                labelled[label, default: []].insert(id)
            } else {
                unlabelled[subject.namespace, default: []].insert(id)
            }
        }
    }

    /// A statement went.
    mutating func remove(_ id: String, _ statement: PolicyStatement) {
        for subject in statement.subjects {
            if let label = Self.label(of: subject) {
                labelled[label]?.remove(id)
                if labelled[label]?.isEmpty == true { labelled[label] = nil }
            } else {
                unlabelled[subject.namespace]?.remove(id)
                if unlabelled[subject.namespace]?.isEmpty == true { unlabelled[subject.namespace] = nil }
            }
        }
    }

    /// Statements that could be about a pod.
    func candidates(for pod: PodRecord) -> Set<String> {
        var found = unlabelled[pod.namespace] ?? []
        for (key, value) in pod.labels {
            found.formUnion(labelled[Label(namespace: pod.namespace, key: key, value: value)] ?? [])
        }
        return found
    }

    private static func label(of subject: PolicyStatement.Subject) -> Label? {
        subject.pods.matchLabels.min { $0.key < $1.key }.map {
            Label(namespace: subject.namespace, key: $0.key, value: $0.value)
        }
    }
}
