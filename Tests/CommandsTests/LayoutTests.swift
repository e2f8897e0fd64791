import Testing

@testable import Commands

@Suite("Tables on a terminal")
struct LayoutTests {
    /// A table with columns of all kinds.
    static func table() -> Table {
        var table = Table(
            title: "Pods of node-1 with everything that is known about them",
            [
                .init("Pod", .key), .init("Address", .key), .init("Count", isNumber: true), .init("State"),
                .init("Remark", .minor),
            ], empty: "There are no pods, and nothing is known about any of them.")
        table.add(["shop/web-1-7d4b9", "10.112.0.1", "7", .init("installed", .good), "asked for by the operator"])
        table.add(["default/b", "10.112.0.200", "1234567", .init("gone for good", .bad), ""])
        return table
    }

    static let widths: [(width: Int, second: String)] = [
        (200, "shop/web-1-7d4b9  10.112.0.1          7  installed      asked for by the operator"),
        (80, "shop/web-1-7d4b9  10.112.0.1          7  installed      asked for by the operat…"),
        (66, "shop/web-1-7d4b9  10.112.0.1          7  installed      asked for…"),
        (60, "shop/web-1-7d4b9  10.112.0.1          7  installed  asked f…"),
        (55, "shop/web-1-7d4b9  10.112.0.1          7  installed"),
        (49, "shop/web-1-7d4b9  10.112.0.1          7  install…"), (48, "shop/web-1-7d4b9  10.112.0.1          7"),
        (38, "shop/web-1-7d4b9  10.112.0.1"), (24, "shop/web-1…  10.112.0.1"), (12, "shop…  10.1…"), (3, "sh…"),
        (1, "…"),
    ]

    @Test("what matters least gives way first, then is left out; what a row is about stays", arguments: widths)
    func gives(width: Int, second: String) {
        let lines = Self.table().text(width: width, usesColour: false).split(separator: "\n")
        #expect(String(lines[2]) == second)
    }

    @Test("no line is ever wider than the terminal", arguments: 1...90)
    func fits(width: Int) {
        var empty = Self.table()
        empty.rows = []
        for table in [Self.table(), empty] {
            for line in table.text(width: width, usesColour: false).split(separator: "\n") {
                #expect(line.count <= width)
            }
        }
    }

    @Test("columns stand under each other in every script")
    func wide() {
        var table = Table([.init("Name"), .init("Value")], empty: "")
        table.add(["東京", "1"])
        table.add(["München", "2"])
        #expect(table.text(width: nil, usesColour: false) == "Name     Value\n東京     1\nMünchen  2")
        #expect(TextWidth.cut("東京都庁", to: 5) == "東京…")
        #expect(TextWidth.cut("東京都庁", to: 8) == "東京都庁")
        #expect(TextWidth.cut("東京", to: 0) == "")
    }

    @Test("colours are switched on by the terminal, not by the table")
    func colours() {
        let plain = Self.table().text(width: 60, usesColour: false)
        let coloured = Self.table().text(width: 60, usesColour: true)
        #expect(!plain.contains("\u{1B}"))
        #expect(coloured.contains("\u{1B}[32minstalled\u{1B}[0m"))
        #expect(coloured.replacing(/\u{1B}\[[0-9]*m/, with: "") == plain)
    }

    @Test(
        "numbers that IPv6 makes large are told by their exponent",
        arguments: [
            (0, "0"), (16_777_215, "16777215"), (1 << 24, "2^24"), (1 << 64, "2^64"), ((1 << 64) + 1, "over 2^64"),
            (.max, "over 2^127"),
        ] as [(UInt128, String)])
    func quantities(number: UInt128, text: String) {
        #expect(Quantity.text(number) == text)
    }

    @Test(
        "shares are never rounded to nothing",
        arguments: [
            (0, 8, "0%"), (1, 8, "12%"), (8, 8, "100%"), (9, 8, "112%"), (1, 1000, "<1%"), (1, 0, "-"),
            (.max / 2, .max, "50%"),
        ] as [(UInt128, UInt128, String)])
    func shares(part: UInt128, whole: UInt128, text: String) {
        #expect(Quantity.percent(part, of: whole) == text)
    }

    @Test(
        "times are told in UTC",
        arguments: [
            (0, "1970-01-01 00:00:00"), (951_827_696, "2000-02-29 12:34:56"), (-1, "1969-12-31 23:59:59"),
            (4_107_542_400, "2100-03-01 00:00:00"), (1_795_248_844, "2026-11-21 08:14:04"),
        ])
    func times(seconds: Int, text: String) {
        #expect(UTCTime.text(seconds) == text)
    }
}
