import ArgumentParser
import Logging
import Options
import Telemetry

/// What the agent is told about its log.
struct LogOptions: ParsableArguments {
    @Option(
        name: .long, defaultAsFlag: Toggle.on,
        help: .init("Log more (default: false).", valueName: "true|false"))
    var debug: Toggle?

    /// Whether everything is logged.
    var isDebug: Bool { debug?.isOn ?? false }

    /// Starts logging to standard error.
    func logger() throws(AgentError) -> Logger {
        let level: Logger.Level = try debug?.isOn("--debug") ?? false ? .debug : .info
        LoggingSystem.bootstrap { label in
            var handler = LineLogHandler(label: label)
            handler.logLevel = level
            return handler
        }
        return Logger(label: "romana-agent")
    }
}
