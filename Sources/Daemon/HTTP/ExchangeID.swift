import HTTPTypes

/// The name of a request in the logs of both sides.
///
/// Agents send what a CNI call led to under the name of that call, so a pod can be followed through all of them.
struct ExchangeID: Sendable, CustomStringConvertible {
    let description: String

    /// The header that carries it in both directions.
    static let header = HTTPField.Name("X-Request-Id")
    /// The longest that is taken from a client, in bytes.
    private static let longest = 128

    /// That of the request that is worked on, as far as something is done for one.
    @TaskLocal static var current: ExchangeID?

    /// Takes the client's name for a request, or makes one where there is none that can stand in a log line.
    init(of fields: HTTPFields) {
        let given = Self.header.flatMap { fields[$0] } ?? ""
        let isFit =
            !given.isEmpty && given.utf8.count <= Self.longest && given.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
        description = isFit ? given : "daemon-" + String(UInt64.random(in: .min ... .max), radix: 16)
    }
}
