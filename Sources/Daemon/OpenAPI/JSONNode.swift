/// A JSON value that is put together by hand, where a type of its own would say nothing more.
enum JSONNode: Encodable, Hashable, Sendable {
    case text(String)
    case number(Int64)
    case boolean(Bool)
    case null
    case list([JSONNode])
    case object([String: JSONNode])

    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .text(let text): try single(encoder, text)
        case .number(let number): try single(encoder, number)
        case .boolean(let value): try single(encoder, value)
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .list(let nodes):
            var container = encoder.unkeyedContainer()
            for node in nodes { try container.encode(node) }
        case .object(let members):
            var container = encoder.container(keyedBy: Name.self)
            for (name, node) in members { try container.encode(node, forKey: Name(name)) }
        }
    }

    private func single(_ encoder: any Encoder, _ value: some Encodable) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

extension JSONNode: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int64) { self = .number(number) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(arrayLiteral nodes: JSONNode...) { self = .list(nodes) }
    init(dictionaryLiteral members: (String, JSONNode)...) {
        self = .object(Dictionary(members, uniquingKeysWith: { $1 }))
    }
}
