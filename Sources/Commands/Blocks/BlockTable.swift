import CNIProtocol

/// Blocks as `GET /blocks` tells of them.
enum BlockTable {
    /// One row a block.
    static func table(of blocks: [JSONValue], title: String? = nil) -> Table {
        var table = Table(
            title: title,
            [
                .init("Block CIDR", .key), .init("Block Host", .key), .init("Revision", isNumber: true, .minor),
                .init("Block Tenant"), .init("Block Segment"), .init("Block Allocated IP Count", isNumber: true),
            ], empty: "There are no blocks.")
        for block in blocks {
            table.add(
                ["cidr", "host", "revision", "tenant", "segment", "allocated_ip_count"].map {
                    Table.Cell(block[$0].shown)
                })
        }
        return table
    }
}
