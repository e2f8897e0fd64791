/// How log lines are written.
public enum LogFormat: String, CaseIterable, Sendable {
    /// Pairs of `key=value`, for people.
    case text
    /// One JSON object a line, for programs.
    case json

    /// The value of `--log-format`; nil for a word that is none.
    public init?(option: String) { self.init(rawValue: option.lowercased()) }
}
