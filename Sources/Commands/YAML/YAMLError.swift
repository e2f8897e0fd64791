/// Why a text is not the YAML that is read here, and where.
struct YAMLError: Error, Hashable, CustomStringConvertible {
    /// The line, the first being 1.
    let line: Int
    /// What is wrong there, as part of a sentence.
    let reason: String

    /// `line 3: a tab in the indentation`.
    var description: String { "line \(line): \(reason)" }
}
