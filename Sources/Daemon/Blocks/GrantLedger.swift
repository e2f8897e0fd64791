import Addresses

/// The grants lately made to one host, stored beside its blocks.
///
/// Each grant and the removal of the host write or guard this key, so that a request sent twice is granted once and a
/// host that goes cannot be given blocks meanwhile; nobody watches it but daemons.
struct GrantLedger: Codable, Equatable, Sendable {
    /// One grant.
    struct Entry: Codable, Equatable, Sendable {
        /// The client's name for the request.
        var request: String
        /// The network it was for.
        var network: String
        /// The blocks given.
        var blocks: [IPPrefix]
    }

    /// The latest grants, the newest last.
    var grants: [Entry] = []

    /// How many grants are remembered; an agent has one request under way for each network.
    static let remembered = 16

    /// Adds a grant and forgets the oldest beyond `remembered`.
    mutating func add(_ entry: Entry) {
        grants.append(entry)
        if grants.count > Self.remembered { grants.removeFirst(grants.count - Self.remembered) }
    }

    /// The grant made for `request`, nil when there was none.
    func grant(for request: String) -> Entry? {
        grants.last { $0.request == request }
    }
}
