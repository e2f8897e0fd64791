extension Memberships {
    /// Pods that are known.
    public var podCount: Int { podIDs.count }
    /// Groups that a policy names.
    public var groupCount: Int { groupIDs.count }
    /// Members of all groups together.
    public var memberCount: Int { groupIDs.values.reduce(0) { $0 + (groups[$1]?.members.count ?? 0) } }
}
