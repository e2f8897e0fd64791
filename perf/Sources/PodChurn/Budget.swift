/// A promise of the design, weighed against what was measured in the same run.
struct Budget {
    let title: String
    /// What was measured, as a ratio.
    let ratio: Double
    /// What the ratio may be at most, or must be at least.
    let limit: Double
    let isCeiling: Bool
    let detail: String

    var isMet: Bool { isCeiling ? ratio <= limit : ratio >= limit }

    var text: String {
        let word = isMet ? "met   " : "MISSED"
        let digits = limit < 1 ? 3 : 2
        let bound = "\(isCeiling ? "at most" : "at least") \(Table.fixed(limit, digits))"
        return "\(word)  \(title): \(Table.fixed(ratio, digits)) (\(bound))  \(detail)"
    }

    private init(_ title: String, atMost limit: Double, _ ours: Double, of other: Double, unit: String) {
        self.init(title, ours, of: other, limit: limit, isCeiling: true, unit: unit)
    }

    private init(_ title: String, atLeast limit: Double, _ ours: Double, of other: Double, unit: String) {
        self.init(title, ours, of: other, limit: limit, isCeiling: false, unit: unit)
    }

    private init(
        _ title: String, _ ours: Double, of other: Double, limit: Double, isCeiling: Bool, unit: String
    ) {
        self.title = title
        self.limit = limit
        self.isCeiling = isCeiling
        ratio = other > 0 ? ours / other : .infinity
        detail = "\(Self.number(ours, unit)) to \(Self.number(other, unit)) \(unit)"
    }

    private static func number(_ value: Double, _ unit: String) -> String {
        unit == "ms" ? Table.milliseconds(value) : Table.fixed(value, 0)
    }

    /// The budgets of DESIGN section 11 for ADD and DEL that these rows can tell about.
    static func evaluate(_ rows: [Row]) -> [Budget] {
        func row(_ subject: String, _ verb: Verb, _ concurrency: Int) -> Row? {
            rows.first { $0.subject == subject && $0.verb == verb && $0.concurrency == concurrency }
        }
        var budgets: [Budget] = []
        if let ours = row("romana", .add, 1) {
            if let ptp = row("ptp", .add, 1) {
                budgets.append(.init("ADD p50, of ptp's", atMost: 0.2, ours.p50, of: ptp.p50, unit: "ms"))
            }
            if let floor = row("floor", .add, 1) {
                budgets.append(.init("ADD p50, of the floor's", atMost: 2, ours.p50, of: floor.p50, unit: "ms"))
            }
            budgets.append(.init("ADD p99, of its p50", atMost: 3, ours.p99, of: ours.p50, unit: "ms"))
        }
        if let ours = row("romana", .add, 8), let ptp = row("ptp", .add, 8) {
            budgets.append(.init("ADD rate 8 at once, of ptp's", atLeast: 8, ours.rate, of: ptp.rate, unit: "a second"))
        }
        if let ours = row("romana", .delete, 1), let ptp = row("ptp", .delete, 1) {
            budgets.append(.init("DEL p50, of ptp's", atMost: 1.0 / 12, ours.p50, of: ptp.p50, unit: "ms"))
        }
        if let ours = row("romana", .delete, 8), let ptp = row("ptp", .delete, 8) {
            budgets.append(
                .init(
                    "DEL rate 8 at once until the links are gone, of ptp's", atLeast: 6, ours.rate, of: ptp.rate,
                    unit: "a second"))
        }
        return budgets
    }

    /// romana-cni's own start.
    static func startUp(_ ours: Series, nothing: Series) -> Budget {
        .init(
            "romana-cni VERSION, of a static C program that does nothing", atMost: 2, ours.percentile(50),
            of: nothing.percentile(50), unit: "ms")
    }
}
