/// A line of YAML that says something.
struct YAMLLine {
    /// Which line of the text it is, the first being 1.
    var number: Int
    /// In which column it begins, the first being 0.
    var indent: Int
    /// What it says, without blanks around it and without a comment.
    var content: Substring

    /// Whether it is an element of a list.
    var isElement: Bool { content == "-" || content.hasPrefix("- ") }

    func failure(_ reason: String) -> YAMLError { YAMLError(line: number, reason: reason) }

    /// The lines of a text that say something, the marks of its beginning and end left out.
    static func lines(of text: String) throws(YAMLError) -> [YAMLLine] {
        var lines: [YAMLLine] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let content = line.drop { $0 == " " }
            let indent = line.count - content.count
            var entry = YAMLLine(number: index + 1, indent: indent, content: withoutComment(content))
            guard !entry.content.isEmpty else { continue }
            if indent == 0, entry.content == "---" || entry.content == "..." {
                guard lines.isEmpty || entry.content == "..." else {
                    throw entry.failure("a second document begins, where one is expected")
                }
                continue
            }
            if indent == 0, entry.content.hasPrefix("--- ") {
                entry.content = entry.content.dropFirst(4)
                entry.indent = 4
            }
            if entry.content.first == "\t" { throw entry.failure("a tab in the indentation") }
            if entry.content.first == "%" { throw entry.failure("directives are not read here") }
            lines.append(entry)
        }
        return lines
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
