/// The answer of `GET /v1/vpc`.
struct VPCBody: Encodable, Sendable {
    /// A route that is ours.
    struct Route: Codable, Sendable {
        var table: String
        var prefix: String
        var host: String
        var interface: String
        var since: Int64
        var reason: String
        var purpose: String
    }

    /// How things stand.
    struct Status: Codable, Sendable {
        /// A route table.
        struct Table: Codable, Sendable {
            var id: String
            var zones: [String]
            var own: Int64
            var foreign: Int64
            var limit: Int64
            var out: [String]
        }

        /// A host that is not well.
        struct Host: Codable, Sendable {
            var name: String
            var health: String
            var reason: String
            var since: Int64?
        }

        var holder: String
        var since: Int64
        var vpc: String
        var isInSync: Bool
        var problem: String?
        var findings: [String]
        var tables: [Table]
        var hosts: [Host]

        enum CodingKeys: String, CodingKey {
            case holder, since, vpc, problem, findings, tables, hosts
            case isInSync = "in_sync"
        }
    }

    /// By prefix, then by table.
    var routes: [Route] = []
    /// Nil where nobody has the duty, or had it.
    var status: Status?
    /// The revision of etcd that this is of.
    var revision: Int64
}
