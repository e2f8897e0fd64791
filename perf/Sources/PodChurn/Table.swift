/// Rows as text in columns.
enum Table {
    static func text(_ rows: [Row]) -> String {
        let head = ["verb", "at once", "subject", "n", "p50 ms", "p90 ms", "p99 ms", "max ms", "per s"]
        let cells = rows.map { row in
            [
                row.verb.rawValue, "\(row.concurrency)", row.subject, "\(row.n)", milliseconds(row.p50),
                milliseconds(row.p90), milliseconds(row.p99), milliseconds(row.maximum), fixed(row.rate, 0),
            ]
        }
        return aligned([head] + cells, textColumns: [0, 2])
    }

    /// How many times as fast as the others ours is, and how far from the floor.
    static func ratios(_ rows: [Row]) -> String {
        let others = ["ptp", "bridge", "floor"].filter { name in rows.contains { $0.subject == name } }
        let head = ["verb", "at once"] + others.map { "p50 \($0)/romana" } + others.map { "rate romana/\($0)" }
        let lines = rows.filter { $0.subject == "romana" }.map { ours -> [String] in
            let peers = others.map { name in
                rows.first { $0.subject == name && $0.verb == ours.verb && $0.concurrency == ours.concurrency }
            }
            return [ours.verb.rawValue, "\(ours.concurrency)"]
                + peers.map { peer in peer.map { fixed($0.p50 / ours.p50, 2) } ?? "-" }
                + peers.map { peer in peer.map { fixed(ours.rate / $0.rate, 2) } ?? "-" }
        }
        return lines.isEmpty ? "" : aligned([head] + lines, textColumns: [0])
    }

    static func milliseconds(_ value: Double) -> String {
        fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0)
    }

    /// With so many digits after the point.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        let scale = [1.0, 10, 100, 1000][min(digits, 3)]
        let scaled = Int((value * scale).rounded())
        if digits == 0 { return "\(scaled)" }
        let fraction = String(abs(scaled) % Int(scale))
        let sign = scaled < 0 ? "-" : ""
        return sign + "\(abs(scaled) / Int(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    private static func aligned(_ lines: [[String]], textColumns: Set<Int>) -> String {
        let widths = (lines.first ?? []).indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            line.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return textColumns.contains(column) ? cell + space : space + cell
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
