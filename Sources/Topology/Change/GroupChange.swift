/// What a new document means for one group that hosts can be placed in.
public struct GroupChange: Hashable, Sendable {
    /// What happens to a group.
    public enum Kind: String, Hashable, Sendable {
        /// There was none of its name and none of its addresses.
        case added
        /// There is none of its name and none of its addresses any more.
        case removed
        /// Another has its addresses now.
        case renamed
        /// It has other addresses.
        case recut
        /// It asks for other labels, has another routing text, or became or no longer is a dummy.
        case changed
    }

    /// What happens.
    public let kind: Kind
    /// The group as it was; nil when it is new.
    public let before: HostGroup?
    /// The group as it will be; nil when it goes.
    public let after: HostGroup?

    /// The changes between the leaves of two trees, in the order of the second, those that go last.
    static func changes(from old: [PrefixGroup], to new: [PrefixGroup]) -> [GroupChange] {
        let oldByPath = Dictionary(old.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let oldByCIDR = Dictionary(old.map { ($0.cidr, $0) }, uniquingKeysWith: { first, _ in first })
        let newPaths = Set(new.map(\.path))
        var renamed: Set<String> = []
        var changes: [GroupChange] = new.compactMap { leaf in
            if let same = oldByPath[leaf.path] {
                guard same.cidr == leaf.cidr else {
                    return GroupChange(kind: .recut, before: same.place, after: leaf.place)
                }
                return same.isLike(leaf) ? nil : GroupChange(kind: .changed, before: same.place, after: leaf.place)
            }
            guard let former = oldByCIDR[leaf.cidr], !newPaths.contains(former.path) else {
                return GroupChange(kind: .added, before: nil, after: leaf.place)
            }
            renamed.insert(former.path)
            return GroupChange(kind: .renamed, before: former.place, after: leaf.place)
        }
        for leaf in old where !newPaths.contains(leaf.path) && !renamed.contains(leaf.path) {
            changes.append(GroupChange(kind: .removed, before: leaf.place, after: nil))
        }
        return changes
    }
}

extension PrefixGroup {
    /// Whether hosts are placed in it as in `other`, and routes are spread alike; hosts that are named do not matter.
    func isLike(_ other: PrefixGroup) -> Bool {
        demands == other.demands && isDummy == other.isDummy && routing == other.routing
    }
}
