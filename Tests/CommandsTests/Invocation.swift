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
    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:], width: Int? = nil,
        usesColour: Bool = false
    ) async -> Invocation {
        let output = Recording()
        let errors = Recording()
        let console = Console(
            write: { output.append($0) }, writeError: { errors.append($0) },
            input: { () throws(SystemError) in Array(input.utf8) }, variable: { environment[$0] }, width: width,
            usesColour: usesColour)
        let status = await RomanaProgram.run(arguments, console: console)
        return Invocation(status: status, output: output.text, errors: errors.text)
    }
}

/// Text that is gathered from any thread.
private final class Recording: Sendable {
    private let whole = Mutex("")

    var text: String { whole.withLock { $0 } }

    func append(_ text: String) { whole.withLock { $0 += text } }
}
