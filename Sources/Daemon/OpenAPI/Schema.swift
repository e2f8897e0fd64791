/// The shape of a JSON value, as JSON Schema 2020-12 writes it (OpenAPI 3.1).
indirect enum Schema: Sendable {
    /// A shape that is described once, by its name.
    case named(SchemaName)
    /// Whatever there is.
    case anything
    /// Nothing to say.
    case null
    case boolean
    case integer(ClosedRange<Int64>)
    /// Text; in a format of JSON Schema's or ours, matching a pattern, of a length.
    case text(format: String? = nil, pattern: String? = nil, length: ClosedRange<Int>? = nil)
    /// One of some words.
    case word([String])
    case list(Schema, count: ClosedRange<Int>? = nil)
    /// An object with these members; others may be there and mean nothing.
    case object([Member])
    /// An object with members of any name.
    case map(Schema)
    /// One of several shapes.
    case either([Schema])
    /// The value or null, which counts as left out.
    case optional(Schema)

    /// A member of an object.
    struct Member: Sendable {
        var name: String
        var schema: Schema
        var isRequired: Bool
        var meaning: String?
    }

    /// The schema as OpenAPI writes it.
    var node: JSONNode {
        switch self {
        case .named(let name): ["$ref": .text("#/components/schemas/\(name.rawValue)")]
        case .anything: [:]
        case .null: ["type": "null"]
        case .boolean: ["type": "boolean"]
        case .integer(let range):
            ["type": "integer", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
        case .text(let format, let pattern, let length):
            .object(Self.textNode(format, pattern, length))
        case .word(let words): ["type": "string", "enum": .list(words.map { .text($0) })]
        case .list(let element, let count):
            .object(Self.listNode(element, count))
        case .object(let members):
            [
                "type": "object",
                "properties": .object(
                    Dictionary(members.map { ($0.name, $0.node) }, uniquingKeysWith: { $1 })),
                "required": .list(members.filter(\.isRequired).map { .text($0.name) }),
            ]
        case .map(let element): ["type": "object", "additionalProperties": element.node]
        case .either(let schemas): ["anyOf": .list(schemas.map(\.node))]
        case .optional(let schema): ["anyOf": .list([schema.node, ["type": "null"]])]
        }
    }

    private static func textNode(
        _ format: String?, _ pattern: String?, _ length: ClosedRange<Int>?
    ) -> [String: JSONNode] {
        var node: [String: JSONNode] = ["type": "string"]
        if let format { node["format"] = .text(format) }
        if let pattern { node["pattern"] = .text(pattern) }
        if let length {
            node["minLength"] = .number(Int64(length.lowerBound))
            if length.upperBound < Int.max { node["maxLength"] = .number(Int64(length.upperBound)) }
        }
        return node
    }

    private static func listNode(_ element: Schema, _ count: ClosedRange<Int>?) -> [String: JSONNode] {
        var node: [String: JSONNode] = ["type": "array", "items": element.node]
        if let count {
            node["minItems"] = .number(Int64(count.lowerBound))
            if count.upperBound < Int.max { node["maxItems"] = .number(Int64(count.upperBound)) }
        }
        return node
    }
}

extension Schema.Member {
    /// A member that is always there.
    static func always(_ name: String, _ schema: Schema, _ meaning: String? = nil) -> Self {
        Self(name: name, schema: schema, isRequired: true, meaning: meaning)
    }

    /// A member that may be missing or null.
    static func maybe(_ name: String, _ schema: Schema, _ meaning: String? = nil) -> Self {
        Self(name: name, schema: .optional(schema), isRequired: false, meaning: meaning)
    }

    fileprivate var node: JSONNode {
        guard let meaning, case .object(var members) = schema.node else { return schema.node }
        members["description"] = .text(meaning)
        return .object(members)
    }
}

extension Schema {
    /// A count, a revision, or another number that is never negative.
    static let count = Schema.integer(0...Int64.max)
    /// Any text.
    static let words = Schema.text()
    /// An IPv4 or IPv6 address.
    static let address = Schema.text(format: "ip")
    /// An IPv4 or IPv6 prefix, `ADDRESS/LENGTH`.
    static let cidr = Schema.text(format: "cidr")
    /// The name of a host.
    static let hostName = Schema.text(
        format: "host-name", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$", length: 1...HostRequest.longestName)
    /// The name of a network.
    static let networkName = Schema.text(format: "network-name", length: 1...1024)
    /// Text for each of some names.
    static let labels = Schema.map(.words)
}
