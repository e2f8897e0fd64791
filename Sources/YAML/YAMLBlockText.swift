/// A text of several lines, which begins with `|` (lines stay) or `>` (lines are folded) at the end of a line.
struct YAMLBlockText {
    /// What becomes of line ends at the end of the text.
    private enum Chomping {
        /// All of them go.
        case strip
        /// One stays.
        case clip
        /// They stay.
        case keep
    }

    private let isFolded: Bool
    private let chomping: Chomping
    /// The column of what the text belongs to, -1 for a whole document; the text is indented deeper.
    private let parent: Int
    private let line: YAMLLine

    /// The text that a line says is to follow; nil when it says nothing like that.
    init?(endOf line: YAMLLine) {
        var rest = line.content
        var column = line.indent
        var parent = line.indent > 0 ? line.indent - 1 : -1
        while rest.hasPrefix("- ") {
            parent = column
            let content = rest.dropFirst().drop { $0 == " " }
            column += rest.count - content.count
            rest = content
        }
        let word = rest.last == ":" ? "" : rest.split(separator: " ").last ?? ""
        let before = rest.dropLast(word.count)
        guard before.isEmpty || before.hasSuffix(": ") else { return nil }
        if !before.isEmpty { parent = column }
        switch word {
        case "|", ">": chomping = .clip
        case "|-", ">-": chomping = .strip
        case "|+", ">+": chomping = .keep
        default: return nil
        }
        isFolded = word.first == ">"
        self.parent = parent
        self.line = line
    }

    /// Takes the lines of the text, beginning at `position`, which then is behind them.
    func take(from texts: [Substring], _ position: inout Int) throws(YAMLError) -> String {
        var lines: [Substring] = []
        var indent: Int?
        while position < texts.count {
            let content = texts[position].drop { $0 == " " }
            let depth = texts[position].count - content.count
            if content.isEmpty {
                // Behind the last line end there is no line.
                if position < texts.count - 1 { lines.append("") }
            } else if depth > parent, depth >= indent ?? 0 {
                indent = indent ?? depth
                lines.append(texts[position].dropFirst(indent ?? depth))
            } else if let indent, depth > parent, depth < indent {
                throw YAMLError(line: position + 1, reason: "a text of several lines is indented less than it began")
            } else {
                break
            }
            position += 1
        }
        let end = lines.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0
        let text = isFolded ? Self.folded(lines[..<end]) : lines[..<end].joined(separator: "\n")
        switch chomping {
        case .strip: return text
        case .clip: return text.isEmpty ? "" : text + "\n"
        case .keep: return text + String(repeating: "\n", count: lines.count - end + (end > 0 ? 1 : 0))
        }
    }

    /// Lines as one, a blank in place of each line end; empty lines and lines indented deeper stay as they are.
    private static func folded(_ lines: ArraySlice<Substring>) -> String {
        var text = ""
        var previous: Substring?
        for line in lines {
            defer { previous = line }
            guard let before = previous else {
                text += line
                continue
            }
            if line.isEmpty || before.first == " " || line.first == " " {
                text += "\n" + line
            } else if before.isEmpty {
                text += (text.hasSuffix("\n") ? "" : "\n") + line
            } else {
                text += " " + line
            }
        }
        return text
    }
}
