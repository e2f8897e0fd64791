/// One call of the CNI binary with exactly the environment that a runtime gives it.
public struct CNICall: Sendable, Hashable {
    /// The binary.
    public var program: String
    /// The network namespace of the node that it runs on; nil leaves it in that of this process.
    public var node: Namespace?
    /// Its whole environment.
    public var environment: [String: String]
    /// What it reads from standard input.
    public var input: [UInt8]

    /// A call of a binary, with an environment and an input.
    public init(program: String, node: Namespace?, environment: [String: String], input: [UInt8]) {
        self.program = program
        self.node = node
        self.environment = environment
        self.input = input
    }

    /// The same call with one variable set, or taken out by nil.
    public func with(_ variable: String, _ value: String?) -> CNICall {
        var call = self
        call.environment[variable] = value
        return call
    }

    /// The same call with another input.
    public func with(input: String) -> CNICall {
        var call = self
        call.input = Array(input.utf8)
        return call
    }

    /// Runs the binary; a refusal is an answer as well.
    public func run(limit: Duration = .seconds(90)) async throws(TestbedError) -> CNIAnswer {
        let program = Program(self.program, environment: environment, namespace: node?.path)
        return CNIAnswer(try await program.run(input: input, limit: limit))
    }
}
