import Logging
import Synchronization

/// How files are looked at again.
struct Renewal: Sendable {
    /// How long what was read is not doubted.
    var interval = Duration.seconds(1)
    /// Where it is told when a file cannot be used any more.
    var logger: Logger
}

/// What some files come to, read again when one of them changes; while they cannot be used, what they came to before.
final class Renewed<Value: Sendable>: Sendable {
    private struct Storage {
        var value: Value
        var stamps: [[UInt8]]
        var looked: ContinuousClock.Instant
    }

    private let files: [String]
    private let renewal: Renewal
    private let load: @Sendable () throws(DaemonError) -> Value
    private let storage: Mutex<Storage>

    /// Reads the files; throws what `load` throws.
    init(
        files: [String], _ renewal: Renewal, _ load: @escaping @Sendable () throws(DaemonError) -> Value
    ) throws(DaemonError) {
        self.files = files
        self.renewal = renewal
        self.load = load
        // Stamps first: a change meanwhile is seen later.
        let stamps = files.map(Self.stamp)
        storage = Mutex(Storage(value: try load(), stamps: stamps, looked: .now))
    }

    /// What the files come to.
    var value: Value {
        storage.withLock { storage in
            let now = ContinuousClock.now
            guard now - storage.looked >= renewal.interval else { return storage.value }
            storage.looked = now
            let stamps = files.map(Self.stamp)
            guard stamps != storage.stamps else { return storage.value }
            storage.stamps = stamps
            do {
                storage.value = try load()
                renewal.logger.notice("read again", metadata: ["files": "\(files.joined(separator: ","))"])
            } catch {
                renewal.logger.error("files that changed cannot be used", metadata: ["details": "\(error)"])
            }
            return storage.value
        }
    }

    /// What tells one version of a file from another: all of it, for it is small.
    private static func stamp(_ path: String) -> [UInt8] { (try? TextFile.read(path)) ?? [] }
}

extension Renewed<[String]> {
    /// The tokens of a file, one a line; throws when it cannot be read or has none.
    static func tokens(file: String, _ renewal: Renewal) throws(DaemonError) -> Renewed<[String]> {
        try Renewed(files: [file], renewal) { () throws(DaemonError) in
            let lines = try TextFile.secret(file).split(whereSeparator: \.isWhitespace).map(String.init)
            guard !lines.isEmpty else { throw DaemonError(.invalid, "read \(file): it has no token") }
            return lines
        }
    }
}
