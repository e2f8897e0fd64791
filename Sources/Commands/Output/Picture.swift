/// Something that people look at in a terminal.
protocol Picture: Sendable {
    /// The picture for a width in columns, as wide as it likes when there is none; no line is wider.
    func text(width: Int?, usesColour: Bool) -> String
}

/// Lines that were drawn already.
struct Lines: Picture {
    var lines: [String]

    init(_ lines: [String]) { self.lines = lines }

    func text(width: Int?, usesColour: Bool) -> String {
        lines.map { line in
            let line = Console.harmless(line)
            return width.map { TextWidth.cut(line, to: $0) } ?? line
        }.joined(separator: "\n")
    }
}

/// How a text is meant, for terminals with colours.
enum Tone {
    case plain, good, warning, bad, heading

    /// The text in the tone's colour.
    func coloured(_ text: String) -> String {
        let code: String? =
            switch self {
            case .plain: nil
            case .good: "32"
            case .warning: "33"
            case .bad: "31"
            case .heading: "1"
            }
        guard let code, !text.isEmpty else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}
