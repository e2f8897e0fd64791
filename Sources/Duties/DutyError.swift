/// Why a duty could not do what it does, as one sentence.
public struct DutyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure that duties tell apart.
    public enum Code: Hashable, Sendable {
        /// Somebody else has the duty by now; nothing was written.
        case deposed
        /// The task was cancelled.
        case cancelled
        /// What was to be written cannot be; repeating it does not help.
        case refused
        /// Anything else.
        case other
    }

    /// The kind of failure.
    public var code: Code
    /// The whole sentence: doing what, to which object, what the other side said.
    public var description: String

    /// An error that says `description`.
    public init(_ code: Code = .other, _ description: String) {
        self.code = code
        self.description = description
    }
}
