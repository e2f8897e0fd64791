import Addresses
import CNIProtocol
import Duties
import Etcd
import KubernetesAPI
import Netlink
import Policies
import Topology

extension NodeReport {
    /// The answer to `GET /v1/node` and to `romana` on the socket; what the kernel dropped is known only if it was asked.
    func json(drops: DropCounts? = nil, standings: [String: Election.Standing] = [:]) -> JSONValue {
        let sources = Set(reachable.keys).union(["daemon"]).sorted()
        return .object([
            (key: "node", value: .string(node)),
            (key: "version", value: .string(version)),
            (key: "ready", value: .bool(problem == nil)),
            (key: "problem", value: problem.map { .string($0) } ?? .null),
            (key: "addresses", value: .array(settings.addresses.map { .string("\($0)") })),
            (key: "checks", value: .array(checks.map(\.json))),
            (key: "attachments", value: .array(attachments.indices.map { attachment($0, drops) })),
            (key: "blocks", value: .array(blocks.map(Self.json))),
            (key: "routes", value: .array(routes.map(Self.json))),
            (
                key: "sources",
                value: .object(sources.map { (key: $0, value: reachable[$0].map { .bool($0) } ?? .null) })
            ),
            (key: "daemons", value: .array(daemons.map { .string($0) })),
            (
                key: "duties",
                value: .object(standings.sorted { $0.key < $1.key }.map { (key: $0.key, value: Self.json($0.value)) })
            ),
            (key: "settings", value: settingsJSON),
        ])
    }

    /// How the agent was told to work, as far as `romana doctor` needs it.
    private var settingsJSON: JSONValue {
        [
            "etcd": .array(settings.etcd.endpoints.map { .string($0) }),
            "etcdPrefix": .string(settings.etcdPrefix),
            "kubernetes": settings.kubernetes.map { .string($0.server) } ?? .null,
            "routeTable": .number("\(settings.routeTable)"),
            "link": uplink.map { .string($0.name) } ?? .null,
            "mtu": (settings.mtu ?? uplink?.mtu).map { .number("\($0)") } ?? .null,
            "policies": .bool(settings.policy.isEnforced),
            "nat": .bool(settings.policy.translates),
            "runDirectory": .string(settings.runDirectory),
        ]
    }

    private func attachment(_ index: Int, _ drops: DropCounts?) -> JSONValue {
        let attachment = attachments[index]
        return .object([
            (key: "namespace", value: .string(attachment.namespace)),
            (key: "pod", value: .string(attachment.pod)),
            (key: "containerID", value: .string(attachment.key.containerID)),
            (key: "ifname", value: .string(attachment.key.interface)),
            (key: "network", value: .string(attachment.network)),
            (key: "veth", value: .string(attachment.veth)),
            (key: "addresses", value: .array(attachment.addresses.map { .string($0.address.description) })),
            (key: "blocks", value: .array(attachment.addresses.map { .string($0.block.description) })),
            (key: "segment", value: .string(attachment.segment)),
            (key: "mac", value: .string(attachment.mac.description)),
            (key: "mtu", value: .number("\(attachment.mtu)")),
            (key: "since", value: attachment.since.map { .number("\($0)") } ?? .null),
            (key: "policy", value: index < profiles.count ? Self.json(profiles[index], drops) : .null),
            (key: "portMappings", value: .array(attachment.portMappings.map(\.json))),
            (key: "bandwidth", value: attachment.bandwidth?.json ?? .null),
        ])
    }

    /// Both directions; one that no policy is about is null.
    private static func json(_ profiles: [NetworkPolicy.Direction: ProfileName], _ drops: DropCounts?) -> JSONValue {
        .object(
            NetworkPolicy.Direction.allCases.map { direction in
                let value = profiles[direction].map { profile -> JSONValue in
                    [
                        "chain": .string(profile.chain), "policies": .string(profile.titles),
                        "drops": drops?[profile.chain].map { .number("\($0)") } ?? .null,
                    ]
                }
                return (key: direction.rawValue.lowercased(), value: value ?? .null)
            })
    }

    private static func json(_ standing: Election.Standing) -> JSONValue {
        [
            "own": .bool(standing.isOwn), "holder": standing.holder.map { .string($0) } ?? .null,
            "candidates": .number("\(standing.candidates)"),
        ]
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
