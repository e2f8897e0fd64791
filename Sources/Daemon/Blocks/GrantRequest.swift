/// The body of `POST /v1/hosts/NAME/blocks`.
struct GrantRequest: Codable, Sendable {
    /// The network to take blocks from.
    var network: String
    /// How many, 1 when left out.
    var count: Int?
    /// The client's name for this request, which makes a retry get the same blocks; every request is new without it.
    var request: String?

    /// The most blocks of one request.
    static let most = 32
    /// The longest name of a request in bytes.
    static let longestName = 128

    /// Throws an invalid request when a field cannot be.
    func check() throws(DaemonError) {
        let count = count ?? 1
        guard (1...Self.most).contains(count) else {
            throw DaemonError(.invalid, "read the request for blocks: count is \(count), it must be 1 to \(Self.most)")
        }
        guard !network.isEmpty else { throw DaemonError(.invalid, "read the request for blocks: network is empty") }
        guard (request ?? "").utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw DaemonError(.invalid, "read the request for blocks: request is not plain ASCII text")
        }
        guard (request ?? "").utf8.count <= Self.longestName else {
            throw DaemonError(.invalid, "read the request for blocks: request is longer than \(Self.longestName) bytes")
        }
    }
}
