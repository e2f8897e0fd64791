/// Rows under named columns, as people read them.
struct Table: Picture {
    /// One column.
    struct Column: Sendable {
        let title: String
        /// Numbers stand at the right edge.
        let isNumber: Bool
        let importance: Importance

        init(_ title: String, isNumber: Bool = false, _ importance: Importance = .usual) {
            self.title = title
            self.isNumber = isNumber
            self.importance = importance
        }
    }

    /// Which columns give way first when a terminal is narrow.
    enum Importance: Int, Comparable {
        case minor, usual, key

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// One cell.
    struct Cell: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
        let text: String
        let tone: Tone

        /// Control characters, which could play tricks with the terminal, become question marks.
        init(_ text: String, _ tone: Tone = .plain) {
            self.text = Console.harmless(text)
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
        self.title = title.map(Console.harmless)
        self.columns = columns
        emptyText = empty
    }

    /// Adds a row; it has as many cells as there are columns.
    mutating func add(_ cells: [Cell]) { rows.append(cells) }

    /// A table without rows is one sentence.
    func text(width: Int?, usesColour: Bool) -> String {
        func cut(_ text: String) -> String { width.map { TextWidth.cut(text, to: $0) } ?? text }
        func paint(_ text: String, _ tone: Tone) -> String { usesColour ? tone.coloured(text) : text }
        var lines = title.map { [paint(cut($0), .heading)] } ?? []
        guard !rows.isEmpty else { return (lines + [cut(emptyText)]).joined(separator: "\n") }
        let layout = TableLayout(self, width: width)
        lines.append(line(columns.map { Cell($0.title, .heading) }, layout, paint))
        for row in rows { lines.append(line(row, layout, paint)) }
        return lines.joined(separator: "\n")
    }

    private func line(_ cells: [Cell], _ layout: TableLayout, _ paint: (String, Tone) -> String) -> String {
        var line = ""
        for (index, width) in layout.widths {
            let text = TextWidth.cut(cells[index].text, to: width)
            let blanks = TextWidth.padded("", to: width - TextWidth.columns(text))
            let isLast = index == layout.widths.last?.column
            let painted = paint(text, cells[index].tone)
            line += columns[index].isNumber ? blanks + painted : painted + (isLast ? "" : blanks)
            if !isLast { line += TableLayout.gap }
        }
        return line
    }
}
