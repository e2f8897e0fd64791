import Glibc
import Logging

/// Writes each event as one line of `key=value` pairs to standard error.
struct LineLogHandler: LogHandler {
    /// The least level that is written.
    var logLevel: Logger.Level = .info
    /// Pairs added to every line.
    var metadata: Logger.Metadata = [:]
    let label: String

    /// Makes a handler for the logger called `label`.
    init(label: String) {
        self.label = label
    }

    /// A pair added to every line.
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one event; a line is written with one system call, so lines of several threads do not mix.
    func log(event: LogEvent) {
        var line = "time=\(Self.timestamp()) level=\(event.level) from=\(label) msg="
        line += Self.quoted(event.message.description)
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            line += " \(key)=\(Self.quoted(value.description))"
        }
        if let error = event.error {
            line += " error=\(Self.quoted(String(describing: error)))"
        }
        line += "\n"
        line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// The value as it is when it is one plain word, else in quotes with quotes, backslashes and controls escaped.
    static func quoted(_ text: String) -> String {
        let plain = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" && $0.value != 0x7f }
        if plain, !text.isEmpty { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f: result += "\\x" + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// The time now, UTC with milliseconds (RFC 3339).
    static func timestamp() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        gmtime_r(&now.tv_sec, &parts)
        var text = [CChar](repeating: 0, count: 24)
        let length = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S", &parts)
        let milliseconds = String(now.tv_nsec / 1_000_000 + 1000).dropFirst()
        return String(decoding: text[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self) + ".\(milliseconds)Z"
    }
}
