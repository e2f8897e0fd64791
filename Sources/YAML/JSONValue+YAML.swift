public import CNIProtocol

extension JSONValue {
    /// The document as YAML 1.2, which readers of YAML 1.1 take for the same.
    ///
    /// Whatever either could mistake for something other than a string is quoted as in JSON, which YAML includes.
    public var yaml: String { yamlLines.joined(separator: "\n") }

    private var yamlLines: [String] {
        switch self {
        case .object(let members) where !members.isEmpty:
            members.flatMap { member in
                let lines = member.value.yamlLines
                let key = Self.yamlScalar(member.key)
                return member.value.isYAMLBlock ? ["\(key):"] + lines.map { "  " + $0 } : ["\(key): \(lines[0])"]
            }
        case .array(let elements) where !elements.isEmpty:
            elements.flatMap { element in
                element.yamlLines.enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
            }
        case .string(let text): [Self.yamlScalar(text)]
        default: [text]
        }
    }

    /// Whether the value has lines of its own.
    private var isYAMLBlock: Bool {
        switch self {
        case .object(let members): !members.isEmpty
        case .array(let elements): !elements.isEmpty
        default: false
        }
    }

    /// A string as it may stand in YAML: bare when nothing could take it for anything else.
    private static func yamlScalar(_ text: String) -> String {
        let isWord = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "/"):
                true
            default: false
            }
        }
        let first = text.utf8.first ?? 0
        let startsWithLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20)
        let isDottedQuad = text.utf8.count { $0 == UInt8(ascii: ".") } == 3 && (0x30...0x39).contains(first)
        let isBare = isWord && (startsWithLetter || isDottedQuad) && !reservedWords.contains(text.lowercased())
        return isBare ? text : JSONValue.string(text).text
    }

    private static let reservedWords: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
}
