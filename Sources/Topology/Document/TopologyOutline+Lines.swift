import Addresses

extension TopologyOutline {
    /// The outline as a tree for a terminal, line by line.
    public var lines: [String] { networks.flatMap(\.lines) }
}

extension NetworkOutline {
    /// The network and its groups as a tree for a terminal, line by line; figures stand below each other.
    public var lines: [String] {
        var rows: [OutlineRow] = []
        for group in groups ?? [] { group.add(to: &rows) }
        for part in padding { rows.append(OutlineRow(depth: 0, padding: part)) }
        let heads = OutlineRow.heads(of: rows)
        let width = heads.map(\.count).max() ?? 0
        let cidrWidth = rows.map(\.cidr.count).max() ?? 0
        let body = zip(heads, rows).map { head, row in
            let head = head + String(repeating: " ", count: width - head.count)
            let cidr = row.cidr + String(repeating: " ", count: cidrWidth - row.cidr.count)
            return "\(head)  \(cidr)  \(row.text)"
        }
        return [title] + (groups == nil ? ["└─ in no topology: no host takes part in it"] : body)
    }

    private var title: String {
        var title = "network \(network.name)  \(network.cidr)  \(GroupOutline.figures(hosts, blocksTaken, capacity))"
        title += ", blocks of /\(network.blockMask), "
        title += network.isForAll ? "for all tenants" : "for \(network.tenants.joined(separator: ", "))"
        if !network.blackouts.isEmpty {
            title += ", blacked out: \(network.blackouts.map(\.description).joined(separator: ", "))"
        }
        return title
    }
}

extension GroupOutline {
    fileprivate func add(to rows: inout [OutlineRow], depth: Int = 0) {
        var text = isDummy ? "dummy, takes no host" : Self.figures(hosts, blocksTaken, capacity)
        if !assignment.isEmpty {
            text += "  " + assignment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        }
        if !routing.isEmpty { text += "  routing: \(routing)" }
        let name = name.isEmpty ? path.split(separator: "/").last.map(String.init) ?? "/" : name
        rows.append(OutlineRow(depth: depth, name: name, cidr: cidr.description, text: text))
        for group in groups { group.add(to: &rows, depth: depth + 1) }
        for part in padding { rows.append(OutlineRow(depth: depth + 1, padding: part)) }
    }

    fileprivate static func figures(_ hosts: Int, _ taken: Int, _ capacity: BlockCapacity) -> String {
        let blocks = BlockCapacity.text(capacity.blocks) + (capacity.blocks == 1 ? " block" : " blocks")
        return "\(hosts) \(hosts == 1 ? "host" : "hosts"), \(taken > 0 ? "\(taken) of " : "")\(blocks), "
            + "\(BlockCapacity.text(capacity.addresses)) addresses"
    }
}

/// A line of a drawn tree before its strokes are known.
private struct OutlineRow {
    var depth: Int
    var name: String
    var cidr: String
    var text: String

    init(depth: Int, name: String, cidr: String, text: String) {
        (self.depth, self.name, self.cidr, self.text) = (depth, name, cidr, text)
    }

    init(depth: Int, padding: IPPrefix) {
        self.init(depth: depth, name: "-", cidr: padding.description, text: "kept free")
    }

    /// Strokes and name of each row: a row is the last of its list if no later one is as deep before a shallower one.
    static func heads(of rows: [OutlineRow]) -> [String] {
        var open: Set<Int> = []
        var heads: [String] = []
        for row in rows.reversed() {
            open = open.filter { $0 <= row.depth }
            let stroke = open.insert(row.depth).inserted ? "└─ " : "├─ "
            let strokes = (0..<row.depth).map { open.contains($0) ? "│  " : "   " }.joined()
            heads.append(strokes + stroke + row.name)
        }
        return heads.reversed()
    }
}
