import FoundationEssentials
import Glibc

/// What a run leaves behind: text for the terminal, JSON and a picture.
struct Report {
    let measures: [Measure]

    var text: String {
        let budgets = Budget.evaluate(measures)
        let sections = [
            budgets.isEmpty ? "" : "Budgets:\n" + budgets.map { "  " + $0.text }.joined(separator: "\n"),
            Table.text(measures), Self.machine,
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    func write(to folder: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try Data(encoder.encode(measures)).write(to: URL(filePath: folder + "/policy.json"))
        try Data(Chart(measures: measures, caption: Self.machine).svg.utf8).write(
            to: URL(filePath: folder + "/policy.svg"))
    }

    /// Where it was measured.
    private static var machine: String {
        var name = utsname()
        uname(&name)
        let release = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        var loads = [0.0]
        getloadavg(&loads, 1)
        return "Linux \(release), \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) processors, load \(Table.fixed(loads[0], 1))."
    }
}
