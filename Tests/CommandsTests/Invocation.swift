import Commands
import LinuxSystem
import Synchronization

/// One run of the command, as a test sees it.
struct Invocation {
    let status: Int32
    let output: String
    let errors: String

    /// Lines of standard output without blanks at their ends.
    var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).dropLast() }

    /// Runs the command in a world of its own: no environment but what is given, no terminal unless it has a width.
    ///
    /// - Parameter stop: returns when a command that goes on for ever is to end; it sees what was printed.
    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:], width: Int? = nil,
        rows: Int = 24, usesColour: Bool = false, writing: Errno? = nil,
        stop: (@Sendable (_ output: @Sendable () -> String) async -> Void)? = nil
    ) async -> Invocation {
        let output = Recording()
        let errors = Recording()
        let console = Console(
            write: { (text) throws(SystemError) in
                if let writing { throw SystemError(operation: "write", subject: "descriptor 1", errno: writing) }
                output.append(text)
            },
            writeError: { errors.append($0) },
            input: { () throws(SystemError) in Array(input.utf8) }, variable: { environment[$0] },
            size: { width.map { Console.Size(columns: $0, rows: rows) } }, usesColour: usesColour,
            stopRequested: {
                if let stop { return await stop { output.text } }
                try? await Task.sleep(for: .seconds(3600))
            })
        let status = await RomanaProgram.run(arguments, console: console)
        return Invocation(status: status, output: output.text, errors: errors.text)
    }

    /// The same with the arguments as one line.
    static func run(_ line: String, at url: String, environment: [String: String] = [:]) async -> Invocation {
        await run(line.split(separator: " ").map(String.init) + ["-r", url], environment: environment)
    }
}

/// Text that is gathered from any thread.
private final class Recording: Sendable {
    private let whole = Mutex("")

    var text: String { whole.withLock { $0 } }

    func append(_ text: String) { whole.withLock { $0 += text } }
}
