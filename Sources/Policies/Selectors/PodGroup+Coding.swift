extension PodGroup: Codable {
    /// Reads a group: `namespace` or `namespaceSelector`, and `podSelector`.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.members("namespace", "namespaceSelector", "podSelector")
        let name = try members.value("namespace", String.self)
        let selector = try members.value("namespaceSelector", LabelSelector.self)
        let pods = try members.value("podSelector", LabelSelector.self) ?? LabelSelector()
        switch (name, selector) {
        case (let name?, nil): self.init(namespaces: .named(name), pods: pods)
        case (nil, let selector?): self.init(namespaces: .labelled(selector), pods: pods)
        default:
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a group has either a namespace or a namespaceSelector"))
        }
    }

    /// Writes the namespace or the selector of them, and the selector of pods.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: DocumentKey.self)
        switch namespaces {
        case .named(let name): try container.encode(name, forKey: DocumentKey("namespace"))
        case .labelled(let selector): try container.encode(selector, forKey: DocumentKey("namespaceSelector"))
        }
        try container.encode(pods, forKey: DocumentKey("podSelector"))
    }
}
