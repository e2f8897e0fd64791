/// What went wrong with nf_tables, as one sentence.
public struct NftablesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The whole sentence: doing what, to which object, what the other side said.
    public var description: String

    /// An error that says `description`.
    public init(_ description: String) {
        self.description = description
    }
}
