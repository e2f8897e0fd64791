/// A step of the tour: a script, and what the page says it shows.
struct TourStep {
    /// What a reader types.
    var script: String
    /// Lines that are the same each time: those without a digit, as of tables' heads and sentences.
    var headings: [String]

    /// The steps of a page: blocks of `sh`, each with the block of `text` that follows it, if one does.
    static func steps(of page: String) -> [TourStep] {
        var steps: [TourStep] = []
        var kind: Substring?
        var lines: [Substring] = []
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("```") else {
                lines.append(line)
                continue
            }
            switch kind {
            case "sh"?: steps.append(TourStep(script: lines.joined(separator: "\n"), headings: []))
            case "text"? where !steps.isEmpty:
                steps[steps.count - 1].headings = words(lines.joined(separator: "\n")).filter { line in
                    !line.isEmpty && line != "..." && !line.contains(where: \.isNumber)
                }
            default: break
            }
            kind = kind == nil ? line.dropFirst(3) : nil
            lines = []
        }
        return steps
    }

    /// The lines of a text, each with one space where it has several: columns are as wide as what is in them.
    static func words(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    }
}
