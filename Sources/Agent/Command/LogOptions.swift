import ArgumentParser
import Logging
import Options
import Telemetry

/// What the agent is told about its log.
struct LogOptions: ParsableArguments {
    @Option(
        name: [.long, .customLong("verbose")], defaultAsFlag: Toggle.on, parsing: .next,
        help: .init("Log more (default: false).", valueName: "true|false"))
    var debug: Toggle?

    @Option(
        help: .init("How log lines are written (default: text).", valueName: "text|json"),
        completion: .list(LogFormat.allCases.map(\.rawValue)))
    var logFormat: String?

    /// Whether everything is logged.
    var isDebug: Bool { debug?.isOn ?? false }

    /// Starts logging to standard error.
    func logger() throws(AgentError) -> Logger {
        let level: Logger.Level = try debug?.isOn("--debug") ?? false ? .debug : .info
        let name = logFormat ?? LogFormat.text.rawValue
        guard let format = LogFormat(option: name) else {
            throw AgentError("--log-format: \(name) is neither text nor json")
        }
        LoggingSystem.bootstrap { label in
            var handler = LineLogHandler(label: label, format: format)
            handler.logLevel = level
            return handler
        }
        return Logger(label: "romana-agent")
    }
}
