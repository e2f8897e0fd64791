import Addresses
import Topology

/// One blackout of `GET /v1/networks/NAME/blackouts`.
struct BlackoutBody: Codable, Sendable, Equatable {
    /// Its addresses.
    var cidr: IPPrefix
    /// Why it is there; empty when nobody said.
    var reason: String
    /// The revision of the topology that it came with, 0 when it came with the document.
    var revision: Int64
    /// Blocks of it that are in use all the same.
    var blocks: [IPPrefix]

    enum CodingKeys: String, CodingKey {
        case cidr, reason, revision
        case blocks = "blocks_in_use"
    }

    init(_ blackout: Blackout, _ note: BlackoutNote?) {
        cidr = blackout.cidr
        reason = note?.reason ?? ""
        revision = note?.revision ?? 0
        blocks = blackout.blocks.map(\.cidr)
    }
}

/// The answer of `GET /v1/networks/NAME/blackouts`.
struct BlackoutsBody: Codable, Sendable {
    /// Every blackout, in order of addresses.
    var blackouts: [BlackoutBody]
}
