extension SchemaName {
    /// What is said of routes in a VPC.
    static func vpc(_ name: SchemaName) -> Schema {
        switch name {
        case .vpcRoute:
            .object([
                .always("table", .words, "Its id: rtb-..."), .always("prefix", .cidr),
                .always("host", .words, "The host that it leads to."), .always("interface", .words, "Its id: eni-..."),
                .always("since", .count, "Since when it leads there, in seconds since 1970."),
                .always("reason", .words, "Why it does."), .always("purpose", .words, "What it is a route to."),
            ])
        case .vpcStatus:
            .object([
                .always("holder", .words, "Who keeps the routes."),
                .always("since", .count, "Since when, in seconds since 1970."), .always("vpc", .words),
                .always("in_sync", .boolean, "Whether every table holds what it should."), .maybe("problem", .words),
                .always("findings", .list(.words), "What somebody should know of."),
                .always(
                    "tables",
                    .list(
                        .object([
                            .always("id", .words), .always("zones", .list(.words)), .always("own", .count),
                            .always("foreign", .count), .always("limit", .count),
                            .always("out", .list(.cidr), "What it has no room for."),
                        ]))),
                .always(
                    "hosts",
                    .list(
                        .object([
                            .always("name", .words), .always("health", .words), .always("reason", .words),
                            .maybe("since", .count),
                        ])), "Hosts that are not well."),
            ])
        default:
            .object([
                .always("routes", .list(.named(.vpcRoute))), .maybe("status", .named(.vpcStatus)),
                .always("revision", .count),
            ])
        }
    }
}
