import CNIProtocol

/// Reads what stands within a line of YAML: scalars, and collections in brackets.
struct YAMLFlow {
    private let characters: [Character]
    private let line: YAMLLine
    private var position = 0
    private var depth = 0

    init(_ text: String, line: YAMLLine) {
        characters = Array(text)
        self.line = line
    }

    /// The key that a line begins with, and what follows its colon; nil when it has none.
    static func key(of line: YAMLLine) throws(YAMLError) -> (key: String, rest: Substring)? {
        if line.content.first == "\"" || line.content.first == "'" {
            var flow = YAMLFlow(String(line.content), line: line)
            let key = try flow.quoted()
            let rest = line.content.dropFirst(flow.position).drop { $0 == " " }
            guard rest == ":" || rest.hasPrefix(": ") else { return nil }
            return (key, rest.dropFirst().drop { $0 == " " })
        }
        guard let first = line.content.first, !"[{".contains(first) else { return nil }
        if first == "?" { throw line.failure("keys that are not scalars are not read here") }
        var index = line.content.startIndex
        while let colon = line.content[index...].firstIndex(of: ":") {
            let after = line.content.index(after: colon)
            if after == line.content.endIndex || line.content[after] == " " {
                let key = line.content[..<colon].split(separator: " ").joined(separator: " ")
                return (key, line.content[after...].drop { $0 == " " })
            }
            index = after
        }
        return nil
    }

    /// Whether every bracket of a value is closed; true for one that does not begin with a bracket.
    static func isClosed(_ text: String) -> Bool {
        guard text.first == "[" || text.first == "{" else { return true }
        var open = 0
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                isEscaped = false
            } else if let end = quote {
                if character == "\\", end == "\"" { isEscaped = true } else if character == end { quote = nil }
            } else {
                switch character {
                case "\"", "'": quote = character
                case "[", "{": open += 1
                case "]", "}": open -= 1
                default: break
                }
            }
        }
        return open <= 0 && quote == nil
    }

    /// All of it.
    mutating func document() throws(YAMLError) -> JSONValue {
        let value: JSONValue
        switch current {
        case "[", "{", "\"", "'": value = try element()
        case "|", ">": throw line.failure("a text of several lines begins with | or > and nothing but + or - behind it")
        default:
            let text = String(characters)
            // In full YAML it would be an error, too, or something that this does not read.
            guard !text.contains(": ") else { throw line.failure("a colon within a text that is not in quotes") }
            return try Self.plain(text, line)
        }
        skipBlanks()
        guard current == nil else { throw line.failure("something after the end of the value") }
        return value
    }

    private var current: Character? { position < characters.count ? characters[position] : nil }

    private mutating func skipBlanks() { while current == " " || current == "\t" { position += 1 } }

    private mutating func element() throws(YAMLError) -> JSONValue {
        guard depth < YAMLReader.maximumDepth else {
            throw line.failure("nested deeper than \(YAMLReader.maximumDepth) levels")
        }
        depth += 1
        defer { depth -= 1 }
        switch current {
        case "[": return try list()
        case "{": return try mapping()
        case "\"", "'": return .string(try quoted())
        default: return try Self.plain(word(endingAt: ",]}"), line)
        }
    }

    private mutating func list() throws(YAMLError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        while true {
            skipBlanks()
            if take("]") { return .array(elements) }
            elements.append(try element())
            skipBlanks()
            if take("]") { return .array(elements) }
            guard take(",") else { throw line.failure("a comma or ] is due in a list") }
        }
    }

    private mutating func mapping() throws(YAMLError) -> JSONValue {
        position += 1
        var members: [(key: String, value: JSONValue)] = []
        while true {
            skipBlanks()
            if take("}") { return .object(members) }
            let key = current == "\"" || current == "'" ? try quoted() : word(endingAt: ":,]}")
            skipBlanks()
            guard take(":") else { throw line.failure("a colon is due after key \(key)") }
            guard !members.contains(where: { $0.key == key }) else { throw line.failure("key \(key) is there twice") }
            skipBlanks()
            let isEmpty = current == "," || current == "}"
            members.append((key: key, value: isEmpty ? .null : try element()))
            skipBlanks()
            if take("}") { return .object(members) }
            guard take(",") else { throw line.failure("a comma or } is due in a mapping") }
        }
    }

    private mutating func take(_ character: Character) -> Bool {
        guard current == character else { return false }
        position += 1
        return true
    }

    private mutating func word(endingAt ends: String) -> String {
        let start = position
        while let character = current, !ends.contains(character) { position += 1 }
        return characters[start..<position].split(separator: " ").map { String($0) }.joined(separator: " ")
    }

    private mutating func quoted() throws(YAMLError) -> String {
        let start = position
        let quote = characters[position]
        position += 1
        var text = ""
        while let character = current {
            position += 1
            if character == "\\", quote == "\"" {
                position += 1
            } else if character == quote {
                guard quote == "'" else { return try Self.unescaped(characters[start..<position], line) }
                guard current == "'" else { return text }
                position += 1
                text.append("'")
            } else {
                text.append(character)
            }
        }
        throw line.failure("a text in quotes that is not closed")
    }

    /// A text in double quotes, whose escapes are those of JSON.
    private static func unescaped(_ text: ArraySlice<Character>, _ line: YAMLLine) throws(YAMLError) -> String {
        do throws(JSONError) {
            return try JSONValue(parsing: String(text)).stringValue ?? ""
        } catch {
            throw line.failure("in a text in quotes: \(error.reason)")
        }
    }

    /// A scalar without quotes: null, a truth value, a number as JSON spells it, or a text.
    private static func plain(_ text: String, _ line: YAMLLine) throws(YAMLError) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        guard let first = text.first, !"&*!|>%@`".contains(first) else {
            throw line.failure("anchors, aliases, tags and the like are not read here: \(text)")
        }
        if first == "-" || first.isNumber, let number = try? JSONValue(parsing: text), case .number = number {
            return number
        }
        return .string(text)
    }
}
