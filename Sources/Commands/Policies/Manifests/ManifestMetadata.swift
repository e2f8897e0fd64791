import CNIProtocol

/// What identifies an object of Kubernetes.
struct ManifestMetadata {
    let namespace: String
    let name: String
    let labels: [String: String]

    init(_ object: JSONValue, _ source: DocumentSource) throws(CommandError) {
        let metadata = object["metadata"]
        let kind = object["kind"].shown
        guard let name = metadata?["name"]?.stringValue, !name.isEmpty else {
            throw source.failure("a \(kind) has no metadata.name")
        }
        self.name = name
        // Where a manifest names none it is this one, for kubectl too.
        namespace = metadata?["namespace"]?.stringValue ?? "default"
        labels = try Self.labels(metadata, "\(kind) \(name): metadata", source)
    }

    /// The labels of an object or of a template.
    static func labels(
        _ metadata: JSONValue?, _ place: String, _ source: DocumentSource
    ) throws(CommandError) -> [String: String] {
        var labels: [String: String] = [:]
        for (key, value) in metadata?["labels"]?.members ?? [] {
            guard let text = value.stringValue else {
                throw source.failure("\(place).labels.\(key): a text is due, not \(value.kind)")
            }
            labels[key] = text
        }
        return labels
    }
}
