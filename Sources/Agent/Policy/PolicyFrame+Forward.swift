import Addresses
import Nftables
import Policies

/// What pods send and what they get, each by a base chain of its own.
///
/// What one of them accepts still meets the other. So what policy allows is `accept` everywhere, and nothing but maps leads
/// from chain to chain: the kernel follows every jump there is whenever one is added, and looks at every rule. So a profile's
/// chain has no rule that drops: they are closed, and their end is its end.
extension PolicyFrame {
    /// The chains that send packets through policies: last, when everything that they lead to is there.
    var dispatch: [NftOperation] {
        let sending = NftChain.Base("filter", .forward, priority: 0, isClosed: settings.isEnforced)
        let receiving = NftChain.Base("filter", .forward, priority: 1, isClosed: settings.isEnforced)
        return chain(
            NftChain(PolicyObjects.fromPods, base: sending, comment: "may this pod send it?"),
            settings.isEnforced ? fromPods : [])
            + chain(
                NftChain(PolicyObjects.toPods, base: receiving, comment: "may this pod take it?"),
                settings.isEnforced ? toPods : [])
    }

    // `ct state established,related accept; iifname != "rom*" accept; ip saddr . ip daddr @self4 accept;
    // ip saddr vmap @egress4; ...; counter drop`
    private var fromPods: [NftRule] {
        var rules = [
            NftRule(.replies, [.verdict(.accept)]),
            NftRule(
                .inputInterface(prefix: Ownership.linkPrefix, isInverted: true), [.verdict(.accept)]),
            brokenConnection,
        ]
        for family in AddressFamily.allCases { rules += [itself(family, []), way(.egress, family)] }
        return rules + [NftRule([.counter, .verdict(.drop)], comment: "no policy known for the sender")]
    }

    // `ct state established,related accept; oifname != "rom*" accept;
    // iifname "rom*" ip saddr . ip daddr @self4 accept; ip daddr vmap @ingress4; ...; counter drop`
    private var toPods: [NftRule] {
        var rules = [
            NftRule(.replies, [.verdict(.accept)]),
            NftRule(
                .outputInterface(prefix: Ownership.linkPrefix, isInverted: true), [.verdict(.accept)]),
            brokenConnection,
        ]
        // A pod's own link: from elsewhere the pod's address would be a lie.
        let local = [NftExpression].inputInterface(prefix: Ownership.linkPrefix)
        for family in AddressFamily.allCases { rules += [itself(family, local), way(.ingress, family)] }
        return rules + [NftRule([.counter, .verdict(.drop)], comment: "no policy known for the receiver")]
    }

    private func itself(_ family: AddressFamily, _ match: [NftExpression]) -> NftRule {
        NftRule(
            .family(family), match, pair(family),
            [.lookup(.first, set: PolicyObjects.own(family).name, isInverted: false), .verdict(.accept)],
            comment: "a pod reaches itself")
    }

    private func way(_ direction: NetworkPolicy.Direction, _ family: AddressFamily) -> NftRule {
        NftRule(
            .family(family),
            [
                direction == .egress ? .source(family, .first) : .destination(family, .first),
                .verdictMap(.first, set: PolicyObjects.entries(direction, family).name),
            ])
    }

    // `tcp flags & (fin|syn|rst|ack) != syn drop`: connection tracking takes any packet of a connection that it does not
    // know for its beginning, so one that was cut would go on from the other side.
    private var brokenConnection: NftRule {
        NftRule(
            .transport(6),
            [
                .payload(.transport, offset: 13, length: 1, .first),
                .bitwise(.first, into: .first, mask: [0x17], xor: [0]), .compare(.first, .notEqual, [0x02]),
                .counter, .verdict(.drop),
            ], comment: "no connection, and not the beginning of one")
    }
}
