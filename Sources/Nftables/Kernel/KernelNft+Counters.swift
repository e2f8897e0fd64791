import CLinux
import CMnl
import CNftnl
import LinuxSystem
import Netlink

/// What a rule with a counter has counted.
public struct NftRuleCount: Hashable, Sendable {
    /// The chain that it is in.
    public var chain: String
    /// The rule's comment, empty if it has none.
    public var comment: String
    /// Whether what it counts is dropped: by the rule, or at the end of its chain, which is closed, where it decides nothing.
    public var isDrop: Bool
    /// Packets since the rule was made.
    public var packets: UInt64
    /// Bytes since then.
    public var bytes: UInt64
}

extension KernelNft {
    /// `nft list table inet TABLE`, of which the rules with counters; none if there is no such table.
    public func ruleCounts() throws(NftError) -> [NftRuleCount] {
        var counts: [NftRuleCount] = []
        try ask("list rules of \(table)", NFT_MSG_GETRULE, isDump: true) { header in
            mnl_attr_put_strz(header, UInt16(NFTA_RULE_TABLE.rawValue), table)
        } restart: {
            counts = []
        } take: { reply in
            guard let object = nftnl_rule_alloc() else { return }
            defer { nftnl_rule_free(object) }
            guard nftnl_rule_nlmsg_parse(reply.header, object) == 0,
                let owner = nftnl_rule_get_str(object, UInt16(NFTNL_RULE_TABLE.rawValue)),
                String(cString: owner) == table, let count = NftRuleCount(object)
            else { return }
            counts.append(count)
        }
        return counts
    }
}

extension NftRuleCount {
    /// A rule as the kernel tells of it; nil when it counts nothing.
    fileprivate init?(_ object: OpaquePointer) {
        guard let name = nftnl_rule_get_str(object, UInt16(NFTNL_RULE_CHAIN.rawValue)),
            let iterator = nftnl_expr_iter_create(object)
        else { return nil }
        defer { nftnl_expr_iter_destroy(iterator) }
        var found: (packets: UInt64, bytes: UInt64)?
        var isDrop = true
        while let part = nftnl_expr_iter_next(iterator) {
            switch nftnl_expr_get_str(part, UInt16(NFTNL_EXPR_NAME)).map({ String(cString: $0) }) {
            case "counter":
                found = (
                    nftnl_expr_get_u64(part, UInt16(NFTNL_EXPR_CTR_PACKETS)),
                    nftnl_expr_get_u64(part, UInt16(NFTNL_EXPR_CTR_BYTES))
                )
            case "immediate": if case .verdict(let verdict)? = NftExpression(part) { isDrop = verdict == .drop }
            default: break
            }
        }
        guard let found else { return nil }
        self.init(
            chain: String(cString: name), comment: NftRule.comment(of: object), isDrop: isDrop,
            packets: found.packets, bytes: found.bytes)
    }
}
