import Addresses

/// What is said of a blackout beside its addresses, which the document has.
struct BlackoutNote: Codable, Sendable, Hashable {
    /// Its addresses.
    var cidr: IPPrefix
    /// Why it is there; may be empty.
    var reason: String
    /// The revision of the topology that it came with.
    var revision: Int64
}

/// The body of `POST /v1/networks/NAME/blackouts`.
struct BlackoutRequest: Codable, Sendable {
    /// The addresses.
    var cidr: IPPrefix
    /// Why; empty when left out.
    var reason: String?

    /// The longest reason in bytes.
    static let longestReason = 1024

    /// Throws an invalid request when a field cannot be.
    func check() throws(DaemonError) {
        guard (reason ?? "").utf8.count <= Self.longestReason else {
            throw DaemonError(.invalid, "read the blackout: reason is longer than \(Self.longestReason) bytes")
        }
    }
}
