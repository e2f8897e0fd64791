import Addresses
import Nftables
import Policies

/// The chains of table `inet romana` that are the same on every node: what makes sets, maps and profiles work.
///
/// Each is written as `nft` would have it; all of it comes in one transaction, which also replaces what an older agent
/// left there.
struct PolicyFrame {
    let settings: PolicySettings
    /// The link on which translation happens; none happens without.
    let translationLink: String?

    /// Everything but the chain that sends packets through policies.
    var base: [NftOperation] {
        var operations: [NftOperation] = [.addTable]
        operations += PolicyObjects.all.map { .addSet($0) }
        let raw = NftChain.Base("filter", .prerouting, priority: -300)
        operations += chain(NftChain(PolicyObjects.spoofing, base: raw), spoofing)
        // After kube-proxy's (-100), so that Services come first.
        for (name, hook) in [
            (PolicyObjects.mappedPorts, NftChain.Hook.prerouting), (PolicyObjects.mappedPortsOutput, .output),
        ] {
            let destination = NftChain.Base("nat", hook, priority: -90)
            operations += chain(NftChain(name, base: destination), mapping)
        }
        let source = NftChain.Base("nat", .postrouting, priority: 100)
        operations += chain(NftChain(PolicyObjects.postrouting, base: source), postrouting)
        let input = NftChain.Base("filter", .input, priority: 0)
        operations += chain(NftChain(PolicyObjects.input, base: input), inputRules)
        return operations
    }

    func chain(_ chain: NftChain, _ rules: [NftRule]) -> [NftOperation] {
        [.addChain(chain), .flushChain(chain.name)] + rules.map { .addRule(chain: chain.name, $0) }
    }

    /// What a pod's link brings must come from the pod.
    private var spoofing: [NftRule] {
        let loopback: [NftExpression] = [.payload(.network, offset: 16, length: 1, .first)]
        var rules = [
            NftRule(
                .inputInterface(prefix: Ownership.linkPrefix, isInverted: true), [.verdict(.accept)]),
            // iif . ip saddr @links4 ip daddr != 127.0.0.0/8 accept: first, since nearly all packets end here.
            NftRule(
                .family(.ipv4), belongs(.ipv4), loopback,
                [.compare(.first, .notEqual, [127]), .verdict(.accept)]),
            // ip daddr 127.0.0.0/8 drop: on a link that lets such in for mapped ports.
            NftRule(
                .family(.ipv4), loopback, [.compare(.first, .equal, [127]), .counter, .verdict(.drop)],
                comment: "loopback"),
            // icmpv6 type nd-router-advert drop; icmpv6 type nd-redirect drop (RFC 4861: 134 and 137)
            NftRule(.icmpv6(134), [.counter, .verdict(.drop)], comment: "router advertisement"),
            NftRule(.icmpv6(137), [.counter, .verdict(.drop)], comment: "redirect"),
            NftRule(.family(.ipv6), belongs(.ipv6), [.verdict(.accept)]),
        ]
        // ip6 saddr fe80::/64 and :: with icmpv6: neighbour discovery and listener reports of the link.
        rules.append(
            NftRule(
                .family(.ipv6), .transport(58),
                [
                    .payload(.network, offset: 8, length: 8, .first),
                    .compare(.first, .equal, [0xfe, 0x80, 0, 0, 0, 0, 0, 0]), .verdict(.accept),
                ]))
        rules.append(
            NftRule(
                .family(.ipv6), .transport(58),
                [
                    .source(.ipv6, .first), .compare(.first, .equal, [UInt8](repeating: 0, count: 16)),
                    .verdict(.accept),
                ]))
        return rules + [NftRule([.counter, .verdict(.drop)], comment: "not an address of this pod")]
    }

    // `iif . ip saddr @links4`
    private func belongs(_ family: AddressFamily) -> [NftExpression] {
        [
            .meta(.inputInterface, .first), .source(family, NftRegister.first.behind(4)),
            .lookup(.first, set: PolicyObjects.links(family).name, isInverted: false),
        ]
    }

    // `fib daddr type != local accept; dnat ip to meta l4proto . th dport map @mapped-ports4`: only what goes to addresses
    // of the node itself, since a pod must not answer for others (CVE-2025-67499).
    private var mapping: [NftRule] {
        let others = NftRule(.notToThisNode, [.verdict(.accept)], comment: "not for this node")
        return [others]
            + AddressFamily.allCases.flatMap { family -> [NftRule] in
                let length = family.bits / 8
                func translate(_ key: [NftExpression], _ set: NftSet) -> NftRule {
                    NftRule(
                        .family(family), key,
                        [
                            .map(.first, set: set.name, into: .first),
                            .translate(
                                .destination, family: family == .ipv4 ? 2 : 10, address: .first,
                                port: NftRegister.first.behind(length)),
                        ])
                }
                let port = NftRegister.first.behind(length).behind(4)
                return [
                    translate(
                        [
                            .destination(family, .first), .meta(.transportProtocol, NftRegister.first.behind(length)),
                            .destinationPort(port),
                        ], PolicyObjects.mappedAddresses(family)),
                    translate(
                        [.meta(.transportProtocol, .first), .destinationPort(NftRegister.first.behind(4))],
                        PolicyObjects.mappedPorts(family)),
                ]
            }
    }

    // `ip saddr @networks4 ip daddr != @untranslated4 oifname "eth0" masquerade`
    private var postrouting: [NftRule] {
        var rules: [NftRule] = []
        for family in AddressFamily.allCases {
            rules.append(
                NftRule(
                    .translatedDestination, .family(family), pair(family),
                    [.lookup(.first, set: PolicyObjects.own(family).name, isInverted: false), .masquerade],
                    comment: "a pod reaches itself by a port of the node"))
        }
        // ip saddr 127.0.0.0/8 oifname "rom*" masquerade: a pod cannot answer to 127.0.0.1.
        rules.append(
            NftRule(
                .translatedDestination, .outputInterface(prefix: Ownership.linkPrefix), .family(.ipv4),
                [
                    .payload(.network, offset: 12, length: 1, .first), .compare(.first, .equal, [127]), .masquerade,
                ], comment: "the node reaches a pod by a port at 127.0.0.1"))
        guard settings.translates, let translationLink else { return rules }
        for family in AddressFamily.allCases {
            rules.append(
                NftRule(
                    .outputInterface(translationLink), .family(family),
                    [
                        .source(family, .first),
                        .lookup(.first, set: PolicyObjects.networks(family).name, isInverted: false),
                        .destination(family, .first),
                        .lookup(.first, set: PolicyObjects.untranslated(family).name, isInverted: true),
                        .masquerade,
                    ], comment: "out of the cluster"))
        }
        return rules
    }

    // Nothing, unless pods may not open connections to their node:
    // `iifname "rom*" ct state established,related accept; ... drop`
    private var inputRules: [NftRule] {
        guard !settings.allowsPodToHost else { return [] }
        let fromPod = [NftExpression].inputInterface(prefix: Ownership.linkPrefix)
        return [
            NftRule(.inputInterface(prefix: Ownership.linkPrefix, isInverted: true), [.verdict(.accept)]),
            NftRule(.replies, [.verdict(.accept)]),
            NftRule(.family(.ipv6), .transport(58), [.verdict(.accept)], comment: "neighbour discovery"),
            NftRule(fromPod, [.counter, .verdict(.drop)], comment: "pods may not reach their node"),
        ]
    }

    /// Sender and receiver of a packet, one behind the other.
    func pair(_ family: AddressFamily) -> [NftExpression] {
        let length = family.bits / 8
        return [.source(family, .first), .destination(family, NftRegister.first.behind(length))]
    }
}

extension [NftExpression] {
    // `icmpv6 type NUMBER`.
    fileprivate static func icmpv6(_ type: UInt8) -> [NftExpression] {
        family(.ipv6) + transport(58)
            + [.payload(.transport, offset: 0, length: 1, .first), .compare(.first, .equal, [type])]
    }
}
