extension SchemaName {
    /// A number that is text beyond 2^53.
    private static let largeNumber = Schema.either([.count, .text(pattern: "^[0-9]+$")])

    /// The shapes around networks as they are.
    static func networks(_ name: SchemaName) -> Schema {
        switch name {
        case .fullness:
            .object([
                .always("capacity", largeNumber, "How many blocks there is room for."),
                .always("granted", .count, "How many of them hosts have."),
                .always("in_use", .count, "How many of those are in use."),
                .always("spilled", .count, "How many of those are of hosts of other groups."),
                .always("addresses", .count, "How many addresses pods have."),
                .always("full", .boolean, "Whether there is no block left."),
            ])
        case .groupDetail:
            .object([
                .always("path", .words), .always("cidr", .cidr), .always("hosts", .count), .always("dummy", .boolean),
                .always("blocks", .named(.fullness)),
            ])
        case .blackout:
            .object([
                .always("cidr", .cidr), .always("reason", .words),
                .always("revision", .count, "The topology's that it came with; 0: with a document."),
                .always("blocks_in_use", .list(.cidr), "Blocks of it that are in use all the same."),
            ])
        case .blackoutRequest:
            .object([
                .always("cidr", .cidr),
                .maybe("reason", .text(length: 0...BlackoutRequest.longestReason / 4), "Why, for people."),
            ])
        default:
            .object([
                .always("name", .words), .always("cidr", .cidr), .always("block_mask", .integer(0...128)),
                .always("tenants", .list(.words)), .always("revision", .count), .always("hosts", .count),
                .always("blocks", .named(.fullness)), .always("groups", .list(.named(.groupDetail))),
            ])
        }
    }

    /// The shapes around what a new topology means.
    static func changes(_ name: SchemaName) -> Schema {
        switch name {
        case .hostMove:
            .object([
                .always("host", .words), .always("network", .words), .maybe("from", .named(.hostGroup)),
                .maybe("to", .named(.hostGroup)),
            ])
        case .groupChange:
            .object([
                .always("kind", .word(["added", "removed", "renamed", "recut", "changed"])),
                .maybe("before", .named(.hostGroup)), .maybe("after", .named(.hostGroup)),
            ])
        case .networkChange:
            .object([
                .always("name", .words), .always("notes", .list(.words)), .always("blocks_before", largeNumber),
                .always("blocks_after", largeNumber), .always("addresses_before", largeNumber),
                .always("addresses_after", largeNumber), .always("groups", .list(.named(.groupChange))),
            ])
        default:
            .object([
                .always("unchanged", .boolean, "Whether the cluster stays as it is."),
                .always("networks", .list(.named(.networkChange)), "Those that change."),
                .always(
                    "hosts",
                    .object([.always("moved", .list(.named(.hostMove))), .always("added", .list(.words))])),
                .always(
                    "blocks",
                    .object([
                        .always("kept", .count, "How many are in use, all of which are kept."),
                        .always("outside", .list(.named(.block)), "Kept outside of their host's group."),
                        .always("blacked_out", .list(.named(.block)), "Kept in a blackout."),
                        .always("given_back", .list(.named(.block)), "Not in use, and part of no group any more."),
                    ])),
            ])
        }
    }
}
