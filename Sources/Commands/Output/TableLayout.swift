/// How wide each column of a table gets.
struct TableLayout {
    /// What stands between two columns.
    static let gap = "  "
    /// No column is cut below this.
    static let narrowest = 8

    private let natural: [Int]

    init(_ table: Table) {
        natural = table.columns.indices.map { index in
            table.rows.reduce(table.columns[index].title.count) { max($0, $1[index].text.count) }
        }
    }

    /// The widths, taken from the widest columns first until the table fits, or no column can give any more.
    func widths(within width: Int?) -> [Int] {
        guard let width else { return natural }
        var widths = natural
        var excess = natural.reduce(0, +) + Self.gap.count * (natural.count - 1) - width
        while excess > 0 {
            guard let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > Self.narrowest
            else {
                break
            }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    /// A text of at most so many characters, an ellipsis standing for what is left out.
    static func cut(_ text: String, to width: Int) -> String {
        text.count <= width ? text : text.prefix(max(0, width - 1)) + "…"
    }
}
