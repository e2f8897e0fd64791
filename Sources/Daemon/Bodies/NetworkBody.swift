import Addresses

/// One network of `GET /networks`.
struct NetworkBody: Codable, Sendable, Equatable {
    /// The revision of the topology it is part of.
    var revision: Int64
    /// Its name.
    var id: String
    /// Its addresses.
    var cidr: IPPrefix
}
