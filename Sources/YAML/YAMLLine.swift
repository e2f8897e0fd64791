/// A line of YAML that says something.
struct YAMLLine {
    /// Which line of the text it is, the first being 1.
    var number: Int
    /// In which column it begins, the first being 0.
    var indent: Int
    /// What it says, without blanks around it and without a comment.
    var content: Substring
    /// The text of the lines below that it begins with `|` or `>`.
    var text: String?

    /// Whether it is an element of a list.
    var isElement: Bool { content == "-" || content.hasPrefix("- ") }

    func failure(_ reason: String) -> YAMLError { YAMLError(line: number, reason: reason) }

    /// The lines that say something of each document of a text; documents that say nothing are left out.
    static func documents(of text: String) throws(YAMLError) -> [[YAMLLine]] {
        var documents: [[YAMLLine]] = [[]]
        let texts = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        var position = 0
        while position < texts.count {
            let content = texts[position].drop { $0 == " " }
            var entry = YAMLLine(
                number: position + 1, indent: texts[position].count - content.count, content: withoutComment(content))
            position += 1
            guard !entry.content.isEmpty else { continue }
            if entry.indent == 0, entry.content == "---" || entry.content == "..." || entry.content.hasPrefix("--- ") {
                if documents.last?.isEmpty == false { documents.append([]) }
                guard entry.content.hasPrefix("--- ") else { continue }
                entry.content = entry.content.dropFirst(4)
                entry.indent = 4
            }
            if entry.content.first == "\t" { throw entry.failure("a tab in the indentation") }
            if entry.content.first == "%" { throw entry.failure("directives are not read here") }
            if let header = YAMLBlockText(endOf: entry) {
                entry.text = try header.take(from: texts, &position)
            }
            documents[documents.count - 1].append(entry)
        }
        return documents.filter { !$0.isEmpty }
    }

    /// The lines of a text that is one document.
    static func lines(of text: String) throws(YAMLError) -> [YAMLLine] {
        let documents = try documents(of: text)
        if documents.count > 1, let line = documents[1].first {
            throw line.failure("a second document, where one is expected")
        }
        return documents.first ?? []
    }

    /// A comment begins with a number sign after a blank, outside quotes.
    private static func withoutComment(_ text: Substring) -> Substring {
        var quote: Character?
        var previous: Character = " "
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            if quote == "\"", character == "\\" {
                index = text.index(after: index)
                if index == text.endIndex { break }
            } else if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'", " \t[{,:-".contains(previous) {
                quote = character
            } else if character == "#", previous == " " || previous == "\t" {
                return text[..<index].trimmed
            }
            previous = character
            index = text.index(after: index)
        }
        return text.trimmed
    }
}

extension Substring {
    /// Without blanks at its end.
    fileprivate var trimmed: Substring {
        guard let last = lastIndex(where: { $0 != " " && $0 != "\t" && $0 != "\r" }) else { return self[endIndex...] }
        return self[...last]
    }
}
