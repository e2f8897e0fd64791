import Nftables

/// What the kernel has counted of packets that table `inet romana` dropped.
///
/// Opened here and read anew each time, since it is asked off the dataplane thread.
struct DropCounts: Sendable {
    /// The rules that drop.
    var rules: [NftRuleCount]

    /// The kernel as it is now, in the namespace of the process.
    static func read() throws(NftError) -> DropCounts {
        DropCounts(rules: try KernelNft(table: PolicyObjects.table).ruleCounts().filter(\.isDrop))
    }

    /// Packets that the rules of one chain dropped; nil when it has none that drops.
    subscript(chain: String) -> UInt64? {
        let own = rules.filter { $0.chain == chain }
        return own.isEmpty ? nil : own.reduce(0) { $0 &+ $1.packets }
    }
}
