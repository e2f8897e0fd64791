import Addresses

extension TopologyChange {
    /// The change in words, line by line; one line when nothing changes.
    public var lines: [String] {
        guard !isEmpty else { return ["nothing changes"] }
        let moves = moves.map { move in
            "host \(move.host)  network \(move.network): new blocks from \(Self.text(move.to) ?? "nowhere") "
                + "instead of \(Self.text(move.from) ?? "nowhere")"
        }
        let newcomers = newcomers.map { "host \($0.name)  \($0.ip): added" }
        let outside = outside.map { "\($0.text)  kept outside of its host's group" }
        let blackedOut = blackedOut.map { "\($0.text)  kept in a blackout" }
        let abandoned = settlement.abandoned.map { "block \($0.cidr) of host \($0.host)  not in use, goes back" }
        let kept = "\(blocksKept) \(blocksKept == 1 ? "block" : "blocks") in use, all kept"
        return networks.flatMap(\.lines) + moves + newcomers + outside + blackedOut + abandoned + [kept]
    }

    fileprivate static func text(_ group: HostGroup?) -> String? { group.map { "\($0.path) (\($0.cidr))" } }
}

extension NetworkChange {
    /// The network with what changes of it, and a line for each group that changes.
    fileprivate var lines: [String] {
        guard !isEmpty else { return [] }
        let notes = notes.isEmpty ? "" : ": " + notes.joined(separator: "; ")
        let (before, after) = (capacityBefore, capacityAfter)
        let head = "network \(name)\(notes)"
        let capacity =
            before == after
            ? []
            : [
                "  blocks \(BlockCapacity.text(before.blocks)) -> \(BlockCapacity.text(after.blocks)), "
                    + "addresses \(BlockCapacity.text(before.addresses)) -> \(BlockCapacity.text(after.addresses))"
            ]
        return [head] + capacity + groups.map { "  \($0.line)" }
    }
}

extension GroupChange {
    fileprivate var line: String {
        let text = TopologyChange.text
        return switch kind {
        case .added, .changed: "group \(text(after) ?? ""): \(kind.rawValue)"
        case .removed: "group \(text(before) ?? ""): removed"
        case .renamed: "group \(text(after) ?? ""): renamed from \(before?.path ?? "")"
        case .recut: "group \(text(after) ?? ""): recut from \(before.map { "\($0.cidr)" } ?? "")"
        }
    }
}
