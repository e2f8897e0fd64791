/// A text that is not the address, prefix or range it was read as.
public struct AddressError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was expected, such as `IPv4 address`.
    public let expected: String
    /// The text as it was given.
    public let text: String
    /// What is wrong with it, as the end of a sentence.
    public let reason: String

    /// An error about `text`, which was read as `expected` and is wrong because of `reason`.
    public init(expected: String, text: String, reason: String) {
        self.expected = expected
        self.text = text
        self.reason = reason
    }

    /// One sentence: `read "10.0.0.0/33" as a prefix: the length must be 0 to 32`.
    public var description: String { "read \"\(text)\" as \(expected): \(reason)" }
}
