/// What a client asks of the agent: the environment it was started with and the configuration it was given.
///
/// Body: number of entries (16 bits), each entry as length of the key (16), length of the value (32), key, value; then
/// the configuration up to the end. All numbers are big endian. The network namespace travels beside it as a
/// descriptor (SCM_RIGHTS), never as a path to open.
public struct AgentRequest: Hashable, Sendable {
    /// One variable.
    public struct Entry: Hashable, Sendable {
        /// The name of the variable.
        public let key: String
        /// Its value.
        public let value: String

        /// A variable and its value.
        public init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    /// The variables that were set.
    public let environment: [Entry]
    /// Standard input, as it was read.
    public let config: [UInt8]

    /// A request with its variables and configuration.
    public init(environment: [Entry], config: [UInt8]) {
        self.environment = environment
        self.config = config
    }

    /// The value of a variable, nil if it was not sent.
    public subscript(variable: String) -> String? { environment.last { $0.key == variable }?.value }

    /// The request as a frame.
    public var frame: AgentFrame {
        var body: [UInt8] = []
        body.reserveCapacity(config.count + 512)
        body.append(bigEndian: UInt16(truncatingIfNeeded: environment.count))
        for entry in environment {
            body.append(bigEndian: UInt16(truncatingIfNeeded: entry.key.utf8.count))
            body.append(bigEndian: UInt32(truncatingIfNeeded: entry.value.utf8.count))
            body += entry.key.utf8
            body += entry.value.utf8
        }
        body += config
        return AgentFrame(kind: .request, body: body)
    }

    /// Reads a request out of a frame; code 6 for a body that is not one.
    public init(_ frame: AgentFrame) throws(CNIError) {
        guard frame.kind == .request else { throw CNIError(.decoding, "a response where the agent awaits a request") }
        var rest = frame.body[...]

        func take(_ count: Int) throws(CNIError) -> ArraySlice<UInt8> {
            guard rest.count >= count else { throw CNIError(.decoding, "agent request that ends within an entry") }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        func number(_ width: Int) throws(CNIError) -> Int { try take(width).reduce(0) { $0 << 8 | Int($1) } }
        func text(_ count: Int) throws(CNIError) -> String {
            guard let text = String(validating: try take(count), as: UTF8.self) else {
                throw CNIError(.decoding, "agent request with an entry that is not UTF-8")
            }
            return text
        }

        var entries: [Entry] = []
        for _ in 0..<(try number(2)) {
            let keyLength = try number(2)
            let valueLength = try number(4)
            entries.append(Entry(try text(keyLength), try text(valueLength)))
        }
        environment = entries
        config = Array(rest)
    }
}
