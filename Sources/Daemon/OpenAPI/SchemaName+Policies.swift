import Policies

extension SchemaName {
    /// The shapes around policies.
    static func policies(_ name: SchemaName) -> Schema {
        switch name {
        case .storedPolicy: .either([.named(.policy), .named(.networkPolicy)])
        case .networkPolicy: kubernetesObject
        case .policyID: .text(pattern: "^[A-Za-z0-9_-][A-Za-z0-9._:-]*$", length: 1...Policy.longestID)
        case .policyName: .object([.always("id", .named(.policyID))])
        case .policyClause:
            .object([
                .always("peers", .list(.named(.policyPeer), count: 1...Int.max)),
                .always("rules", .list(.named(.policyRule), count: 1...Int.max)),
            ])
        case .policyTarget: .either([pods, .object([.always("dest", .word(["host"]), "The nodes themselves.")])])
        case .policyPeer:
            .either([
                pods, .object([.always("cidr", .cidr, "Addresses.")]),
                .object([.always("peer", .word(["any", "local"]), "Everybody, or what is on the node.")]),
            ])
        case .policyRule: .either([rule(["tcp", "udp"], ports), rule(["icmp"], messages), rule(["any"], [])])
        default:
            .object([
                .always("id", .named(.policyID)),
                .always("direction", .word(PolicyDirection.allCases.map(\.rawValue))),
                .maybe("description", .words),
                .always("applied_to", .list(.named(.policyTarget), count: 1...Int.max)),
                .always("ingress", .list(.named(.policyClause), count: 1...Int.max), "For both directions."),
            ])
        }
    }

    /// The object of Kubernetes with what every policy has.
    private static var kubernetesObject: Schema {
        .object([
            .always("id", .named(.policyID)),
            .always("direction", .word(PolicyDirection.allCases.map(\.rawValue))),
            .always("applied_to", .list(.named(.policyTarget), count: 1...Int.max)),
            .always("ingress", .list(.named(.policyClause)), "Empty where anything is untranslated."),
            .always("untranslated", .list(.named(.problem)), "What of `spec` the members above cannot say."),
            .always("apiVersion", .words), .always("kind", .word(["NetworkPolicy"])),
            .always(
                "metadata",
                .object([.always("namespace", .words), .always("name", .words), .maybe("uid", .words)])),
            .always("spec", .map(.anything), "What is enforced."),
        ])
    }

    private static var pods: Schema {
        .object([
            .always("tenant_id", .text(length: 1...Int.max), "A namespace."),
            .maybe("segment_id", .words, "A value of the label romana.io/segment; all of the tenant if left out."),
        ])
    }

    private static func rule(_ transports: [String], _ limits: [Schema.Member]) -> Schema {
        .object(
            [.always("protocol", .word(transports)), .maybe("is_stateful", .boolean, "Of no meaning: all rules are.")]
                + limits)
    }

    private static var ports: [Schema.Member] {
        [
            .maybe("ports", .list(.integer(0...65535))),
            .maybe("port_ranges", .list(.list(.integer(0...65535), count: 2...2)), "From and to, both included."),
        ]
    }

    private static var messages: [Schema.Member] {
        [.maybe("icmp_type", .integer(0...255), "0 for all."), .maybe("icmp_code", .integer(0...15), "0 for all.")]
    }
}
