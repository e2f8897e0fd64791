import ArgumentParser
import CNIProtocol
import YAML

/// What one run of a command works with: settings, the terminal and the way to daemon and agents.
struct Session: Sendable {
    let settings: Settings
    let console: Console
    /// The daemon's API.
    let daemon: DaemonClient

    init(_ options: GlobalOptions) throws(CommandError) {
        console = Console.current
        settings = try Settings(options, console: console)
        daemon = DaemonClient(settings: settings, console: console)
    }

    /// Shows something once.
    func show(_ view: View) throws {
        tell(view.notes)
        let text = view.text(settings.format, width: console.size()?.columns, usesColour: console.usesColour)
        try console.print(text)
        if !view.isWhole { throw ExitCode.failure }
    }

    /// Tells sentences on standard error.
    func tell(_ notes: [String]) {
        for note in notes { console.printError("romana: \(note)") }
    }

    /// Prints that something was done: a sentence, or the answer of the other side.
    func confirm(_ sentence: String, _ document: JSONValue) throws(CommandError) {
        switch settings.format {
        case .json: try console.print(document.indented)
        case .yaml: try console.print(document.yaml)
        case .table: try console.print(Console.harmless(sentence))
        }
    }

    /// Does something with each of several things, going on after a failure, which is told and ends with its status.
    func each<Thing>(
        _ things: [Thing], _ action: (Thing) async throws(CommandError) -> Void
    ) async throws {
        var worst: CommandError.Kind?
        for thing in things {
            do throws(CommandError) {
                try await action(thing)
            } catch {
                guard error.kind != .closedPipe else { throw error }
                tell(["\(error)"])
                worst = error.kind
            }
        }
        if let worst { throw ExitCode(worst.rawValue) }
    }
}
