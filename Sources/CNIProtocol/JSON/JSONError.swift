/// Why bytes are not a JSON document, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// How many bytes precede the place that is wrong.
    public let offset: Int
    /// What is wrong there, as part of a sentence: `a string that is not closed`.
    public let reason: String

    /// States what is wrong after so many bytes.
    public init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }

    /// `byte 17: a string that is not closed`.
    public var description: String { "byte \(offset): \(reason)" }
}
