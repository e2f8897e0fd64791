import Glibc

/// The rows as a picture: one line for each row, from p50 to p99, on a logarithmic axis.
struct Chart {
    let rows: [Row]
    let caption: String

    private static let lineHeight = 19.0
    private static let left = 185.0
    private static let plotWidth = 700.0
    private static let width = 1035.0
    private static let top = 84.0

    private struct Panel {
        let title: String
        let rateHeading: String?
        let rows: [Row]
        let y: Double
        let groups: [Int]
        var height: Double { Chart.lineHeight * Double(rows.count) + 12 * Double(groups.count) + 4 }
    }

    /// From the first to the last power of ten.
    private var decades: ClosedRange<Int> {
        let values = rows.flatMap { [$0.p50, $0.maximum] }.filter { $0 > 0 }
        let low = Int(log10(values.min() ?? 0.1).rounded(.down))
        let high = Int(log10(values.max() ?? 1000).rounded(.up))
        return low...max(high, low + 1)
    }

    private func x(_ milliseconds: Double) -> Double {
        let span = Double(decades.upperBound - decades.lowerBound)
        let place = log10(max(milliseconds, 1e-3)) - Double(decades.lowerBound)
        return Self.left + Self.plotWidth * place / span
    }

    private var panels: [Panel] {
        var panels: [Panel] = []
        var y = Self.top
        let titles: [(Verb, String, String?)] = [
            (.add, "ADD, start of the process to its end", "a second"),
            (.delete, "DEL, start of the process to its end", "links gone a second"),
            (.reap, "DEL, start of the process until the link is gone", nil),
        ]
        for (verb, title, rateHeading) in titles {
            let chosen = rows.filter { $0.verb == verb }
            if chosen.isEmpty { continue }
            let panel = Panel(
                title: title, rateHeading: rateHeading, rows: chosen, y: y,
                groups: Array(Set(chosen.map(\.concurrency))).sorted())
            panels.append(panel)
            y += panel.height + 58
        }
        return panels
    }

    var svg: String {
        let panels = panels
        let height = (panels.last.map { $0.y + $0.height } ?? Self.top) + 46
        var parts = [
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(n(Self.width))" height="\(n(height))" \
            viewBox="0 0 \(n(Self.width)) \(n(height))" font-family="Helvetica, Arial, sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="#ffffff"/>
            """,
            text(20, 30, "What attaching and detaching a pod takes", size: 19, weight: "bold"),
            text(20, 50, caption, fill: "#555555"),
            text(
                20, 67,
                "Dot: p50. Tick: p90. End of the thick line: p99. End of the thin line: maximum. Milliseconds, "
                    + "logarithmic.", fill: "#555555"),
        ]
        for panel in panels { parts += draw(panel) }
        return (parts + ["</svg>", ""]).joined(separator: "\n")
    }

    private func draw(_ panel: Panel) -> [String] {
        var parts = [text(20, panel.y + 14, panel.title, size: 14, weight: "bold")]
        let top = panel.y + 24
        if let heading = panel.rateHeading {
            parts.append(text(Self.width - 20, panel.y + 14, heading, fill: "#555555", anchor: "end"))
        }
        parts += axis(top, top + panel.height)
        var y = top + 4
        for concurrency in panel.groups {
            let rows = panel.rows.filter { $0.concurrency == concurrency }
            let middle = y + Self.lineHeight * Double(rows.count) / 2 + 4
            parts.append(text(20, middle, concurrency == 1 ? "one at a time" : "\(concurrency) at once"))
            for row in rows {
                parts += draw(row, y + Self.lineHeight / 2, hasRate: panel.rateHeading != nil)
                y += Self.lineHeight
            }
            y += 12
        }
        return parts
    }

    private func axis(_ top: Double, _ bottom: Double) -> [String] {
        decades.flatMap { decade -> [String] in
            let value = Self.power(decade)
            let steps = decade == decades.upperBound ? [1.0] : (1...9).map(Double.init)
            let label = value < 1 ? Table.fixed(value, -decade) : Table.fixed(value, 0)
            return steps.map { step in
                line(x(value * step), top, x(value * step), bottom, step == 1 ? "#bbbbbb" : "#eeeeee", 1)
            } + [text(x(value), bottom + 14, "\(label) ms", fill: "#555555", anchor: "middle")]
        }
    }

    private func draw(_ row: Row, _ y: Double, hasRate: Bool) -> [String] {
        let colour = Self.colours[row.subject] ?? "#000000"
        let weight = row.subject == "romana" ? "bold" : "normal"
        let marks = [
            text(Self.left - 10, y + 4, row.subject, fill: colour, weight: weight, anchor: "end"),
            line(x(row.p99), y, x(row.maximum), y, colour, 1),
            line(x(row.p50), y, x(row.p99), y, colour, 4),
            line(x(row.p90), y - 6, x(row.p90), y + 6, colour, 2),
            "<circle cx=\"\(n(x(row.p50)))\" cy=\"\(n(y))\" r=\"5.5\" fill=\"\(colour)\"/>",
            text(
                x(row.maximum) + 6, y + 4, "p50 " + Table.milliseconds(row.p50), size: 11, fill: colour, weight: weight),
        ]
        let rate = Table.fixed(row.rate, 0)
        return hasRate
            ? marks + [text(Self.width - 20, y + 4, rate, fill: colour, weight: weight, anchor: "end")] : marks
    }

    private static let colours = [
        "romana": "#d55e00", "romana-29": "#e69f00", "floor": "#666666", "ptp": "#0072b2", "bridge": "#3a9bd5",
    ]

    private static func power(_ exponent: Int) -> Double {
        (0..<abs(exponent)).reduce(1.0) { value, _ in exponent < 0 ? value / 10 : value * 10 }
    }

    private func n(_ value: Double) -> String { Table.fixed(value, 1) }

    private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String, _ width: Double)
        -> String
    {
        "<line x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\" stroke=\"\(colour)\" "
            + "stroke-width=\"\(n(width))\"/>"
    }

    private func text(
        _ x: Double, _ y: Double, _ content: String, size: Double = 12, fill: String = "#111111",
        weight: String = "normal", anchor: String = "start"
    ) -> String {
        "<text x=\"\(n(x))\" y=\"\(n(y))\" font-size=\"\(n(size))\" fill=\"\(fill)\" font-weight=\"\(weight)\" "
            + "text-anchor=\"\(anchor)\">\(content)</text>"
    }
}
