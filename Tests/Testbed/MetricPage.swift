/// A page in Prometheus' text format, as far as tests compare it.
public struct MetricPage: Sendable {
    /// Types of families, by name.
    public private(set) var types: [String: String] = [:]
    /// Names of all labels that samples of a family have.
    public private(set) var labels: [String: Set<String>] = [:]
    /// Values of samples, by all that stands before them.
    public private(set) var samples: [String: Double] = [:]
    /// What is not as the format wants it.
    public private(set) var faults: [String] = []

    /// Reads a page.
    public init(_ text: String) {
        var family = ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count >= 4, words[0] == "#" {
                if words[1] == "HELP" {
                    family = String(words[2])
                } else if types.updateValue(String(words[3]), forKey: String(words[2])) != nil {
                    faults.append("\(words[2]) begins twice")
                }
                continue
            }
            guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
                faults.append("no sample: \(line)")
                continue
            }
            let sample = line[..<space]
            let name = sample.prefix { $0 != "{" }
            if !name.hasPrefix(family) { faults.append("\(name) stands among samples of \(family)") }
            if samples.updateValue(value, forKey: String(sample)) != nil { faults.append("\(sample) is there twice") }
            labels[family, default: []].formUnion(Self.labels(sample))
        }
    }

    private static func labels(_ sample: Substring) -> [String] {
        var names: [String] = []
        var name = ""
        var isQuoted = false
        var isEscaped = false
        for character in sample.drop(while: { $0 != "{" }).dropFirst() {
            if isQuoted {
                if character == "\"", !isEscaped { isQuoted = false }
                isEscaped = character == "\\" && !isEscaped
            } else {
                switch character {
                case "\"": isQuoted = true
                case "=":
                    names.append(name)
                    name = ""
                case ",", "}": name = ""
                default: name.append(character)
                }
            }
        }
        return names
    }
}
