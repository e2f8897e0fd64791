import Glibc

/// The results as a picture: a bar for each, in one panel for what can be compared.
struct Chart {
    let measures: [Measure]
    let caption: String

    private struct Panel {
        let title: String
        let rows: [Measure]
        /// Whether equal lengths are equal factors.
        let isLogarithmic: Bool
    }

    private static let lineHeight = 19.0
    private static let left = 530.0
    private static let plotWidth = 480.0
    private static let width = 1135.0
    private static let top = 74.0

    private var panels: [Panel] {
        let titles: [(String, Bool, (String) -> Bool)] = [
            ("A label changes: from the event to the kernel", true, { $0.hasSuffix("p50") || $0.hasSuffix("p99") }),
            ("A policy over a group of thousands", false, { $0 == GroupCase.topic }),
            ("A node starts with everything there already", true, { $0 == ColdStartCase.topic }),
            ("One TCP connection between two pods", false, { $0 == TrafficCase.throughput }),
            ("TCP connections between two pods, one after the other", false, { $0 == TrafficCase.connections }),
            ("An agent's memory", false, { $0.hasPrefix("memory") }),
        ]
        return titles.map { title, isLogarithmic, isOfIt in
            Panel(title: title, rows: measures.filter { isOfIt($0.topic) }, isLogarithmic: isLogarithmic)
        }.filter { !$0.rows.isEmpty }
    }

    var svg: String {
        var y = Self.top
        var body: [String] = []
        for panel in panels {
            body += draw(panel, y)
            y += Self.lineHeight * Double(panel.rows.count) + 52
        }
        let head = [
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(n(Self.width))" height="\(n(y))" \
            viewBox="0 0 \(n(Self.width)) \(n(y))" font-family="Helvetica, Arial, sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="#ffffff"/>
            """,
            text(20, 30, "What policies cost", size: 19, weight: "bold"),
            text(20, 50, caption, fill: "#555555"),
        ]
        return (head + body + ["</svg>", ""]).joined(separator: "\n")
    }

    private func draw(_ panel: Panel, _ y: Double) -> [String] {
        let unit = panel.rows.first?.unit ?? ""
        let scale = panel.isLogarithmic ? "\(unit), logarithmic" : unit
        var parts = [
            text(20, y + 14, panel.title, size: 14, weight: "bold"),
            text(Self.width - 20, y + 14, scale, fill: "#555555", anchor: "end"),
        ]
        let topics = Set(panel.rows.map(\.topic))
        for (index, row) in panel.rows.enumerated() {
            let middle = y + 34 + Self.lineHeight * Double(index)
            let subject = row.subject == "romana" && topics.count > 1 ? "" : "\(row.subject), "
            let label = (topics.count > 1 ? "\(row.topic): " : "") + "\(subject)\(row.size)"
            let colour = row.subject == "romana" ? "#d55e00" : row.subject.hasPrefix("romana") ? "#e69f00" : "#666666"
            let length = Self.plotWidth * share(row.value, panel)
            parts += [
                text(Self.left - 10, middle + 4, label, fill: colour, anchor: "end"),
                "<rect x=\"\(n(Self.left))\" y=\"\(n(middle - 6))\" width=\"\(n(length))\" height=\"12\" "
                    + "fill=\"\(colour)\"/>",
                text(Self.left + length + 6, middle + 4, Table.number(row.value), fill: colour),
            ]
        }
        return parts
    }

    /// How much of the panel's width a value takes.
    private func share(_ value: Double, _ panel: Panel) -> Double {
        let values = panel.rows.map(\.value).filter { $0 > 0 }
        guard let low = values.min(), let high = values.max(), value > 0 else { return 0 }
        guard panel.isLogarithmic else { return value / high }
        // Half a power of ten below the least, so that its bar can be seen.
        let start = log10(low) - 0.5
        return (log10(value) - start) / (log10(high) - start)
    }

    private func n(_ value: Double) -> String { Table.fixed(value, 1) }

    private func text(
        _ x: Double, _ y: Double, _ content: String, size: Double = 12, fill: String = "#111111",
        weight: String = "normal", anchor: String = "start"
    ) -> String {
        "<text x=\"\(n(x))\" y=\"\(n(y))\" font-size=\"\(n(size))\" fill=\"\(fill)\" font-weight=\"\(weight)\" "
            + "text-anchor=\"\(anchor)\">\(content)</text>"
    }
}
