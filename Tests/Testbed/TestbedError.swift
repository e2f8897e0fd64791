/// What the testbed could not do, as one sentence: doing what, to which object, what the other side said.
public struct TestbedError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    /// An error that reads as `description`.
    public init(_ description: String) {
        self.description = description
    }
}
