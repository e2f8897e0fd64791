import FoundationEssentials
import Glibc

/// What a run leaves behind: text for the terminal, JSON and a picture.
struct Report {
    let rows: [Row]
    let starts: [(name: String, series: Series)]
    /// Microseconds of the driver's own processor time for one spawn.
    let driver: Double
    let machine: Machine

    var budgets: [Budget] {
        var budgets = Budget.evaluate(rows)
        if let nothing = starts.first(where: { $0.name == "nothing" }),
            let ours = starts.first(where: { $0.name == "romana-cni" })
        {
            budgets.append(.startUp(ours.series, nothing: nothing.series))
        }
        return budgets
    }

    var text: String {
        let startLines = starts.map { name, series in
            "  \(name): p50 \(Table.fixed(series.percentile(50), 2)) ms, p99 \(Table.fixed(series.percentile(99), 2)) ms"
        }
        let sections = [
            Table.ratios(rows),
            budgets.isEmpty ? "" : "Budgets:\n" + budgets.map { "  " + $0.text }.joined(separator: "\n"),
            Table.text(rows),
            "VERSION, one at a time, \(starts.first?.series.count ?? 0) each:\n" + startLines.joined(separator: "\n"),
            "The driver's own processor time for each program run: \(Table.fixed(driver, 0)) us.",
            machine.text,
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    func write(to folder: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        // Variants of ours are for reading only: other programs know the four subjects.
        try encoder.encode(rows.filter { !$0.subject.contains("-") }).write(
            to: URL(filePath: folder + "/pod-churn.json"))
        let most = rows.map(\.n).max() ?? 0
        let svg = Chart(rows: rows, caption: "\(most) attachments a line, in turns within one run. \(machine.text)").svg
        try Data(svg.utf8).write(to: URL(filePath: folder + "/pod-churn.svg"))
    }
}

/// Where it was measured.
struct Machine {
    let text: String

    init() {
        var name = utsname()
        uname(&name)
        let release = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        var loads = [0.0]
        getloadavg(&loads, 1)
        text = "Linux \(release), \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) processors, load \(Table.fixed(loads[0], 1))."
    }
}
