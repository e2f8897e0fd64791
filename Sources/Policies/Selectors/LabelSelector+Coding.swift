extension LabelSelector: Codable {
    /// Reads a selector; what is missing or null asks for nothing, and what is not known is refused.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.members("matchLabels", "matchExpressions")
        self.init(
            matchLabels: try members.value("matchLabels") ?? [:], matchExpressions: try members.list("matchExpressions")
        )
    }

    /// Writes what is asked for; `{}` matches everything.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: DocumentKey.self)
        if !matchLabels.isEmpty { try container.encode(matchLabels, forKey: DocumentKey("matchLabels")) }
        if !matchExpressions.isEmpty { try container.encode(matchExpressions, forKey: DocumentKey("matchExpressions")) }
    }
}

extension LabelRequirement: Codable {
    /// Reads a requirement; an operator that is not known is refused.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.members("key", "operator", "values")
        key = try members.decode(String.self, forKey: DocumentKey("key"))
        `operator` = try members.decode(Operator.self, forKey: DocumentKey("operator"))
        values = try members.list("values")
    }

    /// Writes the key, the operator, and the values if there are any.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: DocumentKey.self)
        try container.encode(key, forKey: DocumentKey("key"))
        try container.encode(`operator`, forKey: DocumentKey("operator"))
        if !values.isEmpty { try container.encode(values, forKey: DocumentKey("values")) }
    }
}

extension LabelRequirement.Operator: Codable {
    /// Reads an operator by its name.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let known = Self(rawValue: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is none of \(Self.ofKubernetes.joined(separator: ", "))")
        }
        self = known
    }

    /// The names that a selector of Kubernetes may use.
    static let ofKubernetes = allCases.filter { $0 != .isInOrMissing }.map(\.rawValue)
}
