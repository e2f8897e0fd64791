/// Rows under named columns, as people read them.
struct Table {
    /// One column.
    struct Column {
        let title: String
        /// Numbers stand at the right edge.
        let isNumber: Bool

        init(_ title: String, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    /// How a cell is meant, for terminals with colours.
    enum Tone {
        case plain, good, bad
    }

    /// One cell.
    struct Cell: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
        let text: String
        let tone: Tone

        /// Control characters, which could play tricks with the terminal, become question marks.
        init(_ text: String, _ tone: Tone = .plain) {
            self.text = String(
                text.map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? "?" : $0 })
            self.tone = tone
        }

        init(stringLiteral value: String) { self.init(value) }
    }

    /// A line above the columns, nil for none.
    var title: String?
    var columns: [Column]
    var rows: [[Cell]] = []
    /// What is printed in place of no rows.
    var emptyText: String

    init(title: String? = nil, _ columns: [Column], empty: String) {
        self.title = title
        self.columns = columns
        emptyText = empty
    }

    /// Adds a row; it has as many cells as there are columns.
    mutating func add(_ cells: [Cell]) { rows.append(cells) }

    /// The table for a width in columns, uncut when there is none; a table without rows is one sentence.
    func text(width: Int?, usesColour: Bool) -> String {
        var lines = title.map { [usesColour ? "\u{1B}[1m\($0)\u{1B}[0m" : $0] } ?? []
        guard !rows.isEmpty else { return (lines + [emptyText]).joined(separator: "\n") }
        let widths = TableLayout(self).widths(within: width)
        lines.append(
            line(columns.map { Cell($0.title) }, widths) { text, _ in usesColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text })
        for row in rows { lines.append(line(row, widths) { usesColour ? $1.coloured($0) : $0 }) }
        return lines.joined(separator: "\n")
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ paint: (String, Tone) -> String) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let text = TableLayout.cut(cell.text, to: widths[index])
            let padding = String(repeating: " ", count: widths[index] - text.count)
            let isLast = index == cells.count - 1
            let painted = paint(text, cell.tone)
            line += columns[index].isNumber ? padding + painted : painted + (isLast ? "" : padding)
            if !isLast { line += TableLayout.gap }
        }
        return line
    }
}

extension Table.Tone {
    fileprivate func coloured(_ text: String) -> String {
        switch self {
        case .plain: text
        case .good: "\u{1B}[32m\(text)\u{1B}[0m"
        case .bad: "\u{1B}[31m\(text)\u{1B}[0m"
        }
    }
}
