/// What the sources of policy have told so far.
struct PolicySources {
    /// Whether all policies are known.
    var hasStatements = false
    /// Whether all pods of the node are known.
    var hasPods = false
    /// Pods that an earlier agent attached and whose policy has not been settled yet.
    var unsettled: [AttachmentKey: UInt64] = [:]
    /// What was last asked for.
    var wantedGroups: Set<String> = []
    /// When policies began to wait for the members of a group.
    var waitingSince: UInt64?
    /// Whether something came that is not in the kernel yet.
    var hasNews = false
    /// What went wrong last; nil when all is well.
    var problem: String?
}
