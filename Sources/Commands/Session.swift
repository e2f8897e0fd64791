import ArgumentParser
import CNIProtocol

/// What one run of a command works with: settings, the terminal and the way to daemon and agents.
struct Session {
    let settings: Settings
    let console: Console

    init(_ options: GlobalOptions) throws(CommandError) {
        console = Console.current
        settings = try Settings(options, console: console)
    }

    /// The daemon's API.
    var daemon: DaemonClient { DaemonClient(settings: settings, console: console) }

    /// The agents named by options, settings or default.
    func agents(_ options: AgentOptions) -> AgentSurvey {
        let sockets = options.sockets.isEmpty ? [settings.agentSocket] : options.sockets
        return AgentSurvey(sockets: sockets, console: console)
    }

    /// Prints a document in the format that was asked for; tables are made only when they are.
    func show(_ document: JSONValue, tables: () throws(CommandError) -> [Table]) throws(CommandError) {
        switch settings.format {
        case .json: console.print(document.indented)
        case .yaml: console.print(document.yaml)
        case .table:
            let texts = try tables().map { $0.text(width: console.width, usesColour: console.usesColour) }
            console.print(texts.joined(separator: "\n\n"))
        }
    }

    /// Prints that something was done: a sentence, or the answer of the other side.
    func confirm(_ sentence: String, _ document: JSONValue) {
        switch settings.format {
        case .json: console.print(document.indented)
        case .yaml: console.print(document.yaml)
        case .table: console.print(sentence)
        }
    }

    /// Ends with status 1 after what there was has been shown; why it was not all has been told.
    func require(isWhole: Bool) throws {
        if !isWhole { throw ExitCode.failure }
    }
}
