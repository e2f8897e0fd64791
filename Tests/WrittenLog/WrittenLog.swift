public import Logging
import Synchronization

/// A log whose lines a test reads: those of the level `info` and more.
public final class WrittenLog: Sendable {
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

    /// A log with nothing in it.
    public init() {}

    /// What writes to it.
    public var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    /// The lines, in order.
    public var lines: [String] { written.withLock { $0.map(\.text) } }

    /// The lines of a level, in order.
    public func lines(_ level: Logger.Level) -> [String] {
        written.withLock { $0.filter { $0.level == level }.map(\.text) }
    }

    /// How many lines have a text in them.
    public func count(of text: String) -> Int { lines.count { $0.contains(text) } }
}
