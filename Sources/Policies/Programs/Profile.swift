/// What a set of policies comes to for a pod in one direction: chains, and the sets that they look into.
public struct Profile: Hashable, Sendable {
    /// The chain that a pod's traffic goes through.
    public let chain: PolicyChain
    /// Chains that it leads to, which come before it.
    public let parts: [PolicyChain]
    /// Sets of ranges that rules name.
    public let ranges: [RangeSet]
    /// Numbers that rules name.
    public let numbers: Set<UInt32>
    /// Keys of the groups that it must know to be right.
    public let groups: Set<String>
    /// Keys of the groups without which it would let through what a denial forbids.
    public let denialGroups: Set<String>
}
