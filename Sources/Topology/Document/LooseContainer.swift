/// A JSON object whose keys are found whatever their case, and whose other keys do not matter.
struct LooseContainer {
    private let container: KeyedDecodingContainer<Name>
    private let names: [String: Name]
    /// The path of the object in the document, such as `topologies[0].map[1]`; empty for the document itself.
    let path: String

    /// A key as it is written.
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(_ decoder: any Decoder) throws {
        container = try decoder.container(keyedBy: Name.self)
        names = Dictionary(container.allKeys.map { ($0.stringValue.lowercased(), $0) }) { first, second in
            // Of several spellings the exact one counts, which sorts last as capitals sort first.
            first.stringValue < second.stringValue ? second : first
        }
        path = LooseContainer.path(decoder.codingPath)
    }

    /// The value under a lower-case key; nil when there is none or it is null.
    func value<Value: Decodable>(_ type: Value.Type, _ key: String) throws -> Value? {
        guard let name = names[key] else { return nil }
        return try container.decodeIfPresent(type, forKey: name)
    }

    /// The path of a key of the object.
    func field(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }
}
