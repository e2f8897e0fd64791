import Addresses
import Topology

/// The answer of `GET /blocks` and `GET /networks/NAME/blocks`.
struct BlocksBody: Codable, Sendable, Equatable {
    /// One block.
    struct Block: Codable, Sendable, Equatable {
        /// The revision of etcd that last changed its record.
        var revision: Int64
        /// Its addresses.
        var cidr: IPPrefix
        /// The tenant whose addresses it holds, empty until it is first used.
        var tenant: String
        /// The segment of the tenant, empty until it is first used.
        var segment: String
        /// The host that has it.
        var host: String
        /// How many of its addresses are in use, as the host's agent last wrote.
        var allocated: Int

        enum CodingKeys: String, CodingKey {
            case revision, cidr, tenant, segment, host
            case allocated = "allocated_ip_count"
        }
    }

    /// The revision of etcd that last changed a block.
    var revision: Int64
    /// Every block, in order of addresses.
    var blocks: [Block]
}

/// The answer of `GET /v1/blocks`, `GET /v1/hosts/NAME/blocks` and `POST /v1/hosts/NAME/blocks`.
struct BlockRecordsBody: Codable, Sendable {
    /// The records, in order of addresses.
    var blocks: [BlockRecord]
}
