/// Results as text in columns.
enum Table {
    static func text(_ measures: [Measure]) -> String {
        let lines =
            [["case", "subject", "size", "value", "unit"]]
            + measures.map { [$0.topic, $0.subject, "\($0.size)", number($0.value), $0.unit] }
        let widths = (0..<5).map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            line.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - line[column].count)
                return [2, 3].contains(column) ? space + line[column] : line[column] + space
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// With three digits that count.
    static func number(_ value: Double) -> String {
        fixed(value, value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0)
    }

    /// With so many digits after the point.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        let scale = [1.0, 10, 100, 1000][min(max(digits, 0), 3)]
        let scaled = Int((abs(value) * scale).rounded())
        let sign = value < 0 ? "-" : ""
        if digits == 0 { return sign + "\(scaled)" }
        let fraction = String(scaled % Int(scale))
        return sign + "\(scaled / Int(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
