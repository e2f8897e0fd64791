public import Logging

/// Writes each event as one line to standard error: `key=value` pairs, or a JSON object.
public struct LineLogHandler: LogHandler {
    /// The least level that is written.
    public var logLevel: Logger.Level = .info
    /// Pairs added to every line.
    public var metadata: Logger.Metadata = [:]
    /// How lines are written.
    public let format: LogFormat
    let label: String
    private let outlet: LogOutlet

    /// Makes a handler for the logger called `label`.
    public init(label: String, format: LogFormat = .text) {
        self.init(label: label, format: format, outlet: .standardError)
    }

    init(label: String, format: LogFormat, outlet: LogOutlet) {
        self.label = label
        self.format = format
        self.outlet = outlet
    }

    /// A pair added to every line.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one event, and waits for no reader.
    public func log(event: LogEvent) {
        outlet.write(line(event, time: Timestamp.now()))
    }

    /// One event as a line with its end.
    func line(_ event: LogEvent, time: String) -> String {
        var pairs = [
            ("time", time), ("level", "\(event.level)"), ("from", label), ("msg", event.message.description),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { pairs.append((key, value.description)) }
        if let error = event.error { pairs.append(("error", String(describing: error))) }
        switch format {
        case .text: return pairs.map { "\($0)=\(Self.quoted($1))" }.joined(separator: " ") + "\n"
        case .json: return "{" + pairs.map { Self.json($0) + ":" + Self.json($1) }.joined(separator: ",") + "}\n"
        }
    }

    /// A JSON string (RFC 8259 section 7).
    static func json(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
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
}
