/// A page of the documents, as far as tests follow what it says.
public struct MarkdownPage: Sendable {
    /// A block between fences.
    public struct Block: Hashable, Sendable {
        /// The word behind the opening fence: `sh`, `json`, `text`.
        public var language: String
        /// Its lines.
        public var lines: [String]
    }

    /// Blocks between fences, in order.
    public private(set) var blocks: [Block] = []
    /// What stands between single backticks outside of blocks.
    public private(set) var spans: [String] = []
    /// Where links of the page lead.
    public private(set) var links: [String] = []

    /// Reads a page.
    public init(_ text: String) {
        var block: Block?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let done = block {
                    blocks.append(done)
                    block = nil
                } else {
                    block = Block(language: String(line.dropFirst(3)), lines: [])
                }
            } else if block != nil {
                block?.lines.append(String(line))
            } else {
                let parts = line.split(separator: "`", omittingEmptySubsequences: false)
                spans += parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
                for part in line.split(separator: "](", omittingEmptySubsequences: false).dropFirst() {
                    links.append(String(part.prefix { $0 != ")" }))
                }
            }
        }
    }

    /// Every line of blocks of a language, without comments at its end and without empty ones.
    public func commands(_ language: String = "sh") -> [String] {
        blocks.filter { $0.language == language }.flatMap(\.lines).compactMap { line in
            let words = line.split(separator: " #", omittingEmptySubsequences: false).first.map(String.init) ?? ""
            let command = String(words.reversed().drop { $0 == " " }.reversed())
            return command.isEmpty || command.hasPrefix("#") ? nil : command
        }
    }
}
