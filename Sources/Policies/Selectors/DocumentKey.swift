/// A member of a document, whatever its name.
struct DocumentKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
}

extension Decoder {
    /// The members of an object that may have these and no others.
    ///
    /// What is not known may well narrow what is, so to pass over it could open what its author wants closed.
    func members(_ known: String...) throws -> KeyedDecodingContainer<DocumentKey> {
        let container = try container(keyedBy: DocumentKey.self)
        if let other = container.allKeys.first(where: { !known.contains($0.stringValue) }) {
            throw DecodingError.dataCorruptedError(
                forKey: other, in: container, debugDescription: "nothing is known of this field")
        }
        return container
    }
}

extension KeyedDecodingContainer<DocumentKey> {
    /// A list; what is missing or null is empty.
    func list<Element: Decodable>(_ key: String, of element: Element.Type = Element.self) throws -> [Element] {
        try decodeIfPresent([Element].self, forKey: DocumentKey(key)) ?? []
    }

    /// A value; nil when it is missing or null.
    func value<Value: Decodable>(_ key: String, _ type: Value.Type = Value.self) throws -> Value? {
        try decodeIfPresent(type, forKey: DocumentKey(key))
    }

    /// Whether a member is there and says something.
    func says(_ key: String) throws -> Bool {
        let key = DocumentKey(key)
        return try contains(key) && !decodeNil(forKey: key)
    }
}
