public import CNIProtocol

extension JSONValue {
    /// Reads a document in the part of YAML that people write by hand and that ``yaml`` writes: mappings, lists, flow
    /// collections, plain and quoted scalars, texts of several lines, comments.
    ///
    /// What else YAML has (anchors, tags, several documents) is refused, never misread.
    public init(parsingYAML text: String) throws(YAMLError) {
        var reader = YAMLReader(lines: try YAMLLine.lines(of: text))
        self = try reader.document()
    }

    /// Reads documents with `---` between them; those that say nothing are left out.
    public static func documents(parsingYAML text: String) throws(YAMLError) -> [JSONValue] {
        var values: [JSONValue] = []
        for lines in try YAMLLine.documents(of: text) {
            var reader = YAMLReader(lines: lines)
            values.append(try reader.document())
        }
        return values
    }
}

/// Reads mappings and lists by their indentation; what is within a line is read by ``YAMLFlow``.
struct YAMLReader {
    private var lines: [YAMLLine]
    private var position = 0
    private var depth = 0

    /// How deep collections may nest, so that no input exhausts the stack.
    static let maximumDepth = 64

    init(lines: [YAMLLine]) { self.lines = lines }

    private var current: YAMLLine? { position < lines.count ? lines[position] : nil }

    mutating func document() throws(YAMLError) -> JSONValue {
        guard let first = current else { return .null }
        let value = try block(first)
        if let line = current { throw line.failure("it belongs to nothing: its indentation fits no line above") }
        return value
    }

    /// The collection or scalar that begins with the current line.
    private mutating func block(_ line: YAMLLine) throws(YAMLError) -> JSONValue {
        guard depth < Self.maximumDepth else {
            throw line.failure("nested deeper than \(Self.maximumDepth) levels")
        }
        depth += 1
        defer { depth -= 1 }
        if line.isElement { return try list(at: line.indent) }
        if try YAMLFlow.key(of: line) != nil { return try mapping(at: line.indent) }
        position += 1
        return try scalar(line)
    }

    private mutating func list(at indent: Int) throws(YAMLError) -> JSONValue {
        var elements: [JSONValue] = []
        while let line = current, line.indent == indent, line.isElement {
            let rest = line.content.dropFirst().drop { $0 == " " }
            guard !rest.isEmpty else {
                position += 1
                elements.append(try nested(below: indent))
                continue
            }
            // What follows the dash is a line of its own, indented by what stands before it.
            lines[position].indent += line.content.count - rest.count
            lines[position].content = rest
            elements.append(try block(lines[position]))
        }
        return .array(elements)
    }

    private mutating func mapping(at indent: Int) throws(YAMLError) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = []
        while let line = current, line.indent == indent, !line.isElement {
            guard let (key, rest) = try YAMLFlow.key(of: line) else {
                throw line.failure("a key with a colon behind it is due")
            }
            guard !members.contains(where: { $0.key == key }) else {
                throw line.failure("key \(key) is there twice")
            }
            position += 1
            guard rest.isEmpty else {
                var value = line
                value.content = rest
                members.append((key: key, value: try scalar(value)))
                continue
            }
            // The elements of a list may stand right under the key.
            let isListHere = current.map { $0.indent == indent && $0.isElement } ?? false
            members.append((key: key, value: isListHere ? try list(at: indent) : try nested(below: indent)))
        }
        return .object(members)
    }

    /// What is indented deeper than the line above; null if nothing is.
    private mutating func nested(below indent: Int) throws(YAMLError) -> JSONValue {
        guard let line = current, line.indent > indent else { return .null }
        return try block(line)
    }

    /// The value within a line; a flow collection may go on over the following ones.
    private mutating func scalar(_ line: YAMLLine) throws(YAMLError) -> JSONValue {
        if let text = line.text { return .string(text) }
        var text = String(line.content)
        while !YAMLFlow.isClosed(text), let next = current {
            text += " " + next.content
            position += 1
        }
        var flow = YAMLFlow(text, line: line)
        return try flow.document()
    }
}
