/// The shapes that the OpenAPI document describes by name.
enum SchemaName: String, CaseIterable, Sendable {
    case error = "Error"
    case problem = "Problem"
    case health = "Health"
    case healthCheck = "HealthCheck"
    case liveHost = "LiveHost"
    case networkSummary = "NetworkSummary"
    case host = "Host"
    case hostRequest = "HostRequest"
    case hostSummary = "HostSummary"
    case hostGroup = "HostGroup"
    case block = "Block"
    case blockSummary = "BlockSummary"
    case blockSummaries = "BlockSummaries"
    case blocks = "Blocks"
    case grantRequest = "GrantRequest"
    case topology = "Topology"
    case network = "Network"
    case topologyMap = "TopologyMap"
    case topologyChange = "TopologyChange"
    case networkChange = "NetworkChange"
    case groupChange = "GroupChange"
    case hostMove = "HostMove"
    case networkDetail = "NetworkDetail"
    case groupDetail = "GroupDetail"
    case fullness = "Fullness"
    case blackout = "Blackout"
    case blackoutRequest = "BlackoutRequest"
    case event = "Event"
    case reservation = "Address"
    case reservationRequest = "AddressRequest"
    case group = "Group"
    case policy = "Policy"
    case storedPolicy = "StoredPolicy"
    case networkPolicy = "NetworkPolicy"
    case policyID = "PolicyID"
    case policyName = "PolicyName"
    case policyClause = "PolicyClause"
    case policyTarget = "PolicyTarget"
    case policyPeer = "PolicyPeer"
    case policyRule = "PolicyRule"
    case vpc = "VPC"
    case vpcRoute = "VPCRoute"
    case vpcStatus = "VPCStatus"

    /// What is described.
    var schema: Schema {
        switch self {
        case .error:
            .object([
                .always("status_code", .integer(400...599), "The HTTP status again."),
                .always("details", .words, "A sentence: doing what, to which object, what is against it."),
                .always("resource_type", .words, "The noun of the thing it is about, empty when there is none."),
                .always("resource_id", .words, "The name of the thing it is about, empty when there is none."),
                .maybe("problems", .list(.named(.problem)), "Each of the things that details sums up."),
            ])
        case .problem:
            .object([
                .always("field", .words, "A path into the body, or what is in the way."), .always("problem", .words),
            ])
        case .health:
            .object([
                .always("status", .word(["ok"])), .always("version", .words, "The daemon's."),
                .always("checks", .list(.named(.healthCheck))),
            ])
        case .healthCheck:
            .object([
                .always("name", .words),
                .always("outcome", .word(DaemonHealth.Check.Outcome.allCases.map(\.rawValue))),
                .always("message", .words, "What is so."),
            ])
        case .liveHost:
            .object([
                .always("name", .words), .always("addresses", .list(.address)),
                .always("version", .words, "That of its agent."),
            ])
        case .host, .hostRequest, .hostSummary, .hostGroup: Self.hosts(self)
        case .block, .blockSummary, .blockSummaries, .blocks, .grantRequest: Self.blocks(self)
        case .topology, .network, .networkSummary, .topologyMap, .group: Self.topologies(self)
        case .topologyChange, .networkChange, .groupChange, .hostMove: Self.changes(self)
        case .networkDetail, .groupDetail, .fullness, .blackout, .blackoutRequest: Self.networks(self)
        case .reservation:
            .object([
                .always("name", .words), .always("address", .address), .always("host", .words),
                .always("tenant", .words), .always("segment", .words), .always("block", .cidr),
                .always("network", .words),
            ])
        case .reservationRequest:
            .object([
                .always("name", .text(pattern: "^[!-.0-~]+$", length: 1...ReservationRequest.longestName)),
                .always("host", .hostName, "Where traffic for it is to go."),
                .maybe("tenant", .words), .maybe("segment", .words, "default if left out."),
            ])
        case .event:
            .object([
                .always("number", .count), .always("time", .count, "Seconds since 1970."),
                .always("kind", .word(EventLog.Kind.allCases.map(\.rawValue))), .always("subject", .words),
                .always("message", .words), .always("count", .count, "How often it was seen in a row."),
            ])
        case .vpc, .vpcRoute, .vpcStatus: Self.vpc(self)
        case .policy, .storedPolicy, .networkPolicy, .policyID, .policyName, .policyClause, .policyTarget, .policyPeer,
            .policyRule:
            Self.policies(self)
        }
    }
}

extension SchemaName {
    private static func hosts(_ name: SchemaName) -> Schema {
        let port = Schema.integer(0...65535)
        switch name {
        case .hostRequest:
            return .object([
                .always("name", .hostName, "The node's name in Kubernetes."),
                .always("ip", .address, "Its first address."),
                .maybe(
                    "addresses", .list(.address, count: 0...64), "All its addresses; those known before if left out."),
                .maybe("tags", .labels, "Its labels; those known before if left out."),
                .maybe("agent_port", port, "The port of its agent, 9604 if left out or 0."),
                .maybe("k8s_info", .labels, "Whatever Kubernetes says of it."),
            ])
        case .hostSummary:
            return .object([
                .always("ip", .words), .always("name", .words), .always("agent_port", port), .always("tags", .labels),
                .always("k8s_info", .labels),
            ])
        case .hostGroup:
            return .object([
                .always("path", .words, "The names of the groups on the way down."), .always("cidr", .cidr),
            ])
        default:
            return .object([
                .always("name", .words), .always("ip", .words), .always("addresses", .list(.address)),
                .always("agent_port", port), .always("tags", .labels), .always("k8s_info", .labels),
                .always("groups", .map(.named(.hostGroup)), "Its place in each network that it takes part in."),
                .always("revision", .count, "How often it was changed."),
            ])
        }
    }

    private static func blocks(_ name: SchemaName) -> Schema {
        switch name {
        case .grantRequest:
            return .object([
                .always("network", .networkName),
                .maybe("count", .integer(1...Int64(GrantRequest.most)), "How many; 1 if left out."),
                .maybe(
                    "request", .text(pattern: "^[ -~]*$", length: 0...GrantRequest.longestName),
                    "A name for the request; the same one again gets the same blocks."),
            ])
        case .blockSummary:
            return .object([
                .always("revision", .count), .always("cidr", .cidr), .always("tenant", .words),
                .always("segment", .words), .always("host", .words), .always("allocated_ip_count", .count),
            ])
        case .blockSummaries:
            return .object([.always("revision", .count), .always("blocks", .list(.named(.blockSummary)))])
        case .blocks: return .object([.always("blocks", .list(.named(.block)))])
        default:
            return .object([
                .always("cidr", .cidr), .always("family", .word(["ipv4", "ipv6"])), .always("network", .words),
                .always("group", .words), .always("group_cidr", .cidr), .always("host", .words),
                .always("tenant", .words), .always("segment", .words), .always("allocated", .count),
                .always("grant", .words, "The name of the request it was granted for."),
                .maybe("keeper", .words, "Who gives out its addresses, if not the host's agent."),
            ])
        }
    }

    private static func topologies(_ name: SchemaName) -> Schema {
        let tenant = Schema.text(pattern: "^([A-Za-z0-9_-]+|[*])$")
        switch name {
        case .networkSummary:
            return .object([.always("id", .words), .always("cidr", .cidr), .always("revision", .count)])
        case .network:
            return .object([
                .always("name", .text(pattern: "^[^\\s/\\x00-\\x1f\\x7f]+$", length: 1...63)),
                .always("cidr", .cidr),
                .maybe("block_mask", .integer(0...128), "The length of its blocks; 29 or 122 if left out or 0."),
                .maybe("tenants", .list(tenant), "Who may use it; empty or with * for all."),
                .maybe("blacked_out", .list(.cidr), "Parts that are never given to pods."),
            ])
        case .topologyMap:
            return .object([
                .always("networks", .list(.networkName), "The networks that are cut along this tree."),
                .always("map", .list(.named(.group))),
            ])
        case .group:
            return .object([
                .maybe("name", .words), .maybe("ip", .address, "Given: this is a host, not a group."),
                .maybe("cidr", .cidr, "Shown, and not read."),
                .maybe("assignment", .labels, "Labels that a host must have to be in the group."),
                .maybe("routing", .words), .maybe("dummy", .boolean, "No host is placed in it."),
                .maybe("groups", .list(.named(.group))), .maybe("hosts", .list(.named(.group))),
            ])
        default:
            return .object([
                .always("networks", .list(.named(.network))), .always("topologies", .list(.named(.topologyMap))),
            ])
        }
    }
}
