import Logging
import Synchronization

/// A log whose lines a test reads.
final class WrittenLog: Sendable {
    private let written = Mutex<[(level: Logger.Level, text: String)]>([])

    private struct Handler: LogHandler {
        let log: WrittenLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) { log.written.withLock { $0.append((event.level, "\(event.message)")) } }
    }

    /// What writes to it.
    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    /// The lines of a level, in order.
    func lines(_ level: Logger.Level) -> [String] { written.withLock { $0.filter { $0.level == level }.map(\.text) } }
}
