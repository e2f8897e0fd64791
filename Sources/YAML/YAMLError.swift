/// Why a text is not the YAML that is read here, and where.
public struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, the first being 1.
    public let line: Int
    /// What is wrong there, as part of a sentence.
    public let reason: String

    /// `line 3: a tab in the indentation`.
    public var description: String { "line \(line): \(reason)" }
}
