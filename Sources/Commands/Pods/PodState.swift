import CNIProtocol

/// What an agent says of one interface of a pod; what it leaves out is empty.
struct PodState: Sendable {
    /// Its part of the agent's answer.
    let document: JSONValue

    init(_ document: JSONValue) { self.document = document }

    /// A field that is one word.
    subscript(key: String) -> String { document[key].shown }

    /// A field that is several.
    func list(_ key: String) -> String {
        (document[key]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
    }

    /// Whether this is the pod that somebody means: by `NAMESPACE/NAME`, name, address, or the beginning of the container.
    func isNamed(_ name: String) -> Bool {
        name == "\(self["namespace"])/\(self["pod"])" || name == self["pod"]
            || document["addresses"]?.arrayValue?.contains(.string(name)) == true
            || (name.count >= 6 && self["containerID"].hasPrefix(name))
    }

    /// The policies in force for a direction, `open` where none is, nothing where none are enforced.
    func policies(_ direction: String) -> String {
        guard let policy = document["policy"], !policy.isNull, let held = policy[direction] else { return "" }
        return held.isNull ? "open" : held["policies"].shown
    }

    /// What the chains of both directions dropped; nil when it is not known, or nothing is held to any.
    var drops: Int? {
        let counts = ["ingress", "egress"].compactMap { document["policy"]?[$0]?["drops"]?.intValue }
        return counts.isEmpty ? nil : counts.reduce(0, +)
    }

    /// When it was attached.
    var since: String { document["since"]?.intValue.map { UTCTime.text($0) } ?? "" }
}
