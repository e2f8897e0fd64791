import LinuxSystem

/// What the testbed could not do, as one sentence: doing what, to which object, what the other side said.
public struct TestbedError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    /// An error that reads as `description`.
    public init(_ description: String) {
        self.description = description
    }

    /// Runs `body` and turns the system's refusal into an error of the testbed.
    static func converting<Value: ~Copyable>(
        _ body: () throws(SystemError) -> Value
    ) throws(TestbedError) -> Value {
        do {
            return try body()
        } catch {
            throw TestbedError(error.description)
        }
    }
}
