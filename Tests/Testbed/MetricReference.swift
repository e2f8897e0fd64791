/// The tables of metrics in specs/observability.md.
public struct MetricReference: Sendable {
    /// One row.
    public struct Metric: Hashable, Sendable {
        /// The family's name.
        public var name: String
        /// `gauge`, `counter`, `histogram` or `summary`.
        public var type: String
        /// Names of labels.
        public var labels: Set<String>
        /// What it says.
        public var meaning: String
    }

    /// Every row of the page.
    public let metrics: [Metric]

    /// Reads the page.
    public init(page: String) {
        metrics = page.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(Self.trimmed)
            guard cells.count == 6, cells[1].hasPrefix("`"), cells[1].hasSuffix("`") else { return nil }
            return Metric(
                name: cells[1].filter { $0 != "`" }, type: cells[2],
                labels: Set(cells[3].split(separator: ",").map(Self.trimmed)), meaning: cells[4])
        }
    }

    /// Names that a query may use: those of the page, of a histogram's and a summary's parts, and Prometheus' own.
    public var queried: Set<String> {
        var names: Set<String> = ["up"]
        for metric in metrics {
            switch metric.type {
            case "histogram": names.formUnion(["_bucket", "_sum", "_count"].map { metric.name + $0 })
            case "summary": names.formUnion(["_sum", "_count"].map { metric.name + $0 })
            default: names.insert(metric.name)
            }
        }
        return names
    }

    /// Words of a query that are metrics: what begins as ours do, and `up`.
    public static func metrics(inQuery query: String) -> Set<String> {
        let words = query.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
        return Set(words.filter { $0.hasPrefix("romana_") || $0.hasPrefix("process_") || $0 == "up" })
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    /// A file below specs/; nil if there is none.
    public static func file(_ name: String) -> String? {
        TextFile.read("/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/specs/" + name)
    }
}
