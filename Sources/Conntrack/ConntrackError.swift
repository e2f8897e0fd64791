/// What went wrong with the connection tracking table, as one sentence.
public struct ConntrackError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The whole sentence: doing what, to which object, what the other side said.
    public var description: String

    /// An error that says `description`.
    public init(_ description: String) {
        self.description = description
    }
}
