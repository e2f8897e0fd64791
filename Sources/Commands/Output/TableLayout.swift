/// Which columns of a table are shown, and how wide.
///
/// What is of minor importance is cut first, the widest column first of all; then it is left out. Columns of more
/// importance follow, so that the last to suffer are those that tell what a row is about.
struct TableLayout {
    /// What stands between two columns.
    static let gap = "  "
    /// No column is cut below this while another can be left out.
    static let narrowest = 8
    /// What tells what a row is about is not cut below this while a column of less importance is there.
    static let ample = 24

    /// The columns that are shown, in their order.
    private(set) var widths: [(column: Int, width: Int)]

    init(_ table: Table, width: Int?) {
        widths = table.columns.indices.map { index in
            let title = TextWidth.columns(table.columns[index].title)
            return (index, table.rows.reduce(title) { max($0, TextWidth.columns($1[index].text)) })
        }
        guard let width else { return }
        let natural = widths
        cut(.minor, table, width)
        cut(.usual, table, width)
        while excess(width) > 0, leaveOut(.minor, table, natural) {
            cut(.minor, table, width)
            cut(.usual, table, width)
        }
        cut(.key, table, width, to: Self.ample)
        while excess(width) > 0, leaveOut(.usual, table, natural) {
            cut(.usual, table, width)
            cut(.key, table, width, to: Self.ample)
        }
        cut(.key, table, width)
        cut(.key, table, width, to: 1)
        while excess(width) > 0, widths.count > 1, leaveOut(.key, table, natural) { cut(.key, table, width, to: 1) }
    }

    /// Leaves out the last column of an importance and gives the others their room back; false if there is none.
    private mutating func leaveOut(
        _ importance: Table.Importance, _ table: Table, _ natural: [(column: Int, width: Int)]
    ) -> Bool {
        guard let last = widths.last(where: { table.columns[$0.column].importance == importance }) else { return false }
        let left = Set(widths.map(\.column)).subtracting([last.column])
        widths = natural.filter { left.contains($0.column) }
        return true
    }

    private func excess(_ width: Int) -> Int {
        widths.reduce(0) { $0 + $1.width } + Self.gap.count * (widths.count - 1) - width
    }

    /// Takes from the widest columns of an importance until the table fits, or they have no more to give.
    private mutating func cut(
        _ importance: Table.Importance, _ table: Table, _ width: Int, to narrowest: Int = narrowest
    ) {
        for _ in 0..<max(0, excess(width)) {
            let candidates = widths.indices.filter { table.columns[widths[$0].column].importance == importance }
            guard let widest = candidates.max(by: { widths[$0].width < widths[$1].width }),
                widths[widest].width > narrowest
            else { return }
            widths[widest].width -= 1
        }
    }
}
