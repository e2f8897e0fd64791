/// What a command said, and how it ended.
public struct CommandResult: Sendable, Hashable {
    /// The program that ran.
    public let program: Program
    /// How it ended.
    public let status: ExitStatus
    /// The bytes of its standard output.
    public let output: [UInt8]
    /// The bytes of its standard error.
    public let errorOutput: [UInt8]

    /// Its standard output as text.
    public var text: String { String(decoding: output, as: UTF8.self) }
    /// Its standard error as text.
    public var errorText: String { String(decoding: errorOutput, as: UTF8.self) }

    /// The result itself, when the command returned 0; otherwise an error with what it said.
    @discardableResult
    public func checked() throws(TestbedError) -> CommandResult {
        guard status.isSuccess else {
            throw TestbedError("\(program.commandLine): \(status): \(errorText)\(text)")
        }
        return self
    }
}

extension Program {
    /// Runs the program to its end, with `input` on a pipe as standard input.
    ///
    /// It runs on a thread of its own, so any number may run at a time. After `limit` it is killed.
    public func run(input: [UInt8] = [], limit: Duration = .seconds(60)) async throws(TestbedError) -> CommandResult {
        try await StarterThread.value { answer in
            answer(Result { () throws(TestbedError) in try runHere(input: input, limit: limit) })
        }
    }

    /// Runs the program and gives its standard output as text; a failure becomes an error that holds what it said.
    @discardableResult
    public func text(input: String = "", limit: Duration = .seconds(60)) async throws(TestbedError) -> String {
        try await run(input: Array(input.utf8), limit: limit).checked().text
    }

    private func runHere(input: [UInt8], limit: Duration) throws(TestbedError) -> CommandResult {
        let output = try Scratch()
        let error = try Scratch()
        let started = try Spawn.startOnPipe(self, output: output.descriptor, error: error.descriptor)
        let pid = started.pid
        let deadline = Deadline(process: pid, after: limit)
        // One that ends without reading its input closes the pipe: no harm.
        try? started.closePipe(after: input)
        let status = Spawn.wait(for: pid) { deadline.met() }
        guard !deadline.isMissed else {
            throw TestbedError("\(commandLine): still running after \(limit), killed")
        }
        return CommandResult(
            program: self, status: status, output: try output.bytes(), errorOutput: try error.bytes())
    }
}
