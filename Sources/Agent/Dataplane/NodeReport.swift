import Addresses
import CNIProtocol
import Topology

/// The state of a node as its metrics, its health and `romana` show it.
struct NodeReport: Sendable {
    /// A route to another node and how it fares.
    struct RemoteState: Sendable {
        var prefix: IPPrefix
        var via: String
        var host: String
        /// `installed`, `pending`, `left to the fabric` or the kernel's refusal.
        var state: String
    }

    var node: String
    var version: String
    /// Why an ADD could not be served now; nil when it could.
    var problem: String?
    var attachments: [Attachment]
    var blocks: [BlockRecord]
    var routes: [RemoteState]
    var reachable: [String: Bool]
    /// Base addresses of daemons.
    var daemons: [String]
    var counters: DataplaneCounters

    /// The answer to `romana agent status`, `romana pod list` and `romana route list`, and to `GET /v1/node`.
    var json: JSONValue {
        .object([
            (key: "node", value: .string(node)),
            (key: "version", value: .string(version)),
            (key: "ready", value: .bool(problem == nil)),
            (key: "problem", value: problem.map { .string($0) } ?? .null),
            (key: "attachments", value: .array(attachments.map(Self.json))),
            (key: "blocks", value: .array(blocks.map(Self.json))),
            (key: "routes", value: .array(routes.map(Self.json))),
            (
                key: "sources",
                value: .object(
                    reachable.sorted { $0.key < $1.key }.map { (key: $0.key, value: JSONValue.bool($0.value)) })
            ),
            (key: "daemons", value: .array(daemons.map { .string($0) })),
        ])
    }

    private static func json(_ attachment: Attachment) -> JSONValue {
        .object([
            (key: "namespace", value: .string(attachment.namespace)),
            (key: "pod", value: .string(attachment.pod)),
            (key: "containerID", value: .string(attachment.key.containerID)),
            (key: "ifname", value: .string(attachment.key.interface)),
            (key: "network", value: .string(attachment.network)),
            (key: "veth", value: .string(attachment.veth)),
            (key: "addresses", value: .array(attachment.addresses.map { .string($0.address.description) })),
        ])
    }

    private static func json(_ block: BlockRecord) -> JSONValue {
        .object([
            (key: "cidr", value: .string(block.cidr.description)),
            (key: "network", value: .string(block.network)),
            (key: "tenant", value: .string(block.tenant)),
            (key: "segment", value: .string(block.segment)),
            (key: "allocated", value: .number(String(block.allocated))),
            (key: "capacity", value: .number(String(block.cidr.count))),
        ])
    }

    private static func json(_ route: RemoteState) -> JSONValue {
        .object([
            (key: "prefix", value: .string(route.prefix.description)),
            (key: "via", value: .string(route.via)),
            (key: "host", value: .string(route.host)),
            (key: "state", value: .string(route.state)),
        ])
    }
}
