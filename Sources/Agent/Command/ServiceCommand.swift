import ArgumentParser
import Logging
import ServiceLifecycle
import UnixSignals

/// A command that runs one service until it is told to end.
protocol ServiceCommand: AsyncParsableCommand {
    associatedtype Settings

    var log: LogOptions { get }

    /// What the options and the environment come to.
    func makeSettings() throws -> Settings

    /// The service, and what the first line of its log says of it.
    func service(of settings: Settings, logger: Logger) -> (any Service, Logger.Metadata)
}

extension ServiceCommand {
    /// Runs the service until SIGTERM or SIGINT.
    func serve() async throws {
        let (logger, settings) = try log.started(makeSettings)
        let (service, facts) = service(of: settings, logger: logger)
        var metadata = facts
        metadata["version"] = "\(AgentVersion.current)"
        logger.info("starting", metadata: metadata)
        let group = ServiceGroup(
            services: [service], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
    }
}

extension LogOptions {
    /// Starts the log and makes settings; what is wrong with either is an error of the command line.
    func started<Settings>(_ makeSettings: () throws -> Settings) throws -> (Logger, Settings) {
        do {
            return (try logger(), try makeSettings())
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
