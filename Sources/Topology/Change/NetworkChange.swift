import Addresses

/// What a new document means for one network.
public struct NetworkChange: Hashable, Sendable {
    /// The network as it was; nil when it is new.
    public let before: Network?
    /// The network as it will be; nil when it goes.
    public let after: Network?
    /// What its groups could hold, dummies left out.
    public let capacityBefore: BlockCapacity
    /// What its groups will hold, dummies left out.
    public let capacityAfter: BlockCapacity
    /// What changes in its tree; nothing when it is new or goes, as then all of it does.
    public let groups: [GroupChange]

    /// Its name, the new one if it has one.
    public var name: String { after?.name ?? before?.name ?? "" }

    /// Whether it gets another name.
    public var isRenamed: Bool {
        guard let before, let after else { return false }
        return before.name != after.name
    }

    /// Whether it and its groups stay as they are.
    public var isEmpty: Bool { before == after && groups.isEmpty }

    /// What changes, in words: `added`, `renamed from a`, `cidr 10.0.0.0/16 -> 10.0.0.0/15`.
    public var notes: [String] {
        guard let before else { return ["added"] }
        guard let after else { return ["removed"] }
        func note(_ what: String, _ before: String, _ after: String) -> String? {
            before == after ? nil : "\(what) \(before) -> \(after)"
        }
        func list(_ items: [String], orElse none: String) -> String {
            items.isEmpty ? none : items.joined(separator: ", ")
        }
        return [
            before.name == after.name ? nil : "renamed from \(before.name)",
            note("cidr", "\(before.cidr)", "\(after.cidr)"),
            note("block_mask", "\(before.blockMask)", "\(after.blockMask)"),
            note("tenants", list(before.tenants, orElse: "all"), list(after.tenants, orElse: "all")),
            note(
                "blacked_out", list(before.blackouts.map(\.description), orElse: "nothing"),
                list(after.blackouts.map(\.description), orElse: "nothing")),
        ].compactMap { $0 }
    }

    init(_ before: (network: Network, tree: GroupTree?)?, _ after: (network: Network, tree: GroupTree?)?) {
        self.before = before?.network
        self.after = after?.network
        capacityBefore = before.map { BlockCapacity(of: $0.tree, in: $0.network) } ?? BlockCapacity()
        capacityAfter = after.map { BlockCapacity(of: $0.tree, in: $0.network) } ?? BlockCapacity()
        guard let before, let after else {
            groups = []
            return
        }
        groups = GroupChange.changes(from: before.tree?.leaves ?? [], to: after.tree?.leaves ?? [])
    }
}
