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
        operations += chain(NftChain(PolicyObjects.toPods, comment: "may this pod take it?"), toPods)
        operations += chain(NftChain(PolicyObjects.fromPods, comment: "may this pod send it?"), fromPods)
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

    /// The chain that sends packets through policies: last, when everything that it leads to is there.
    var dispatch: [NftOperation] {
        let base = NftChain.Base("filter", .forward, priority: 0)
        return chain(NftChain(PolicyObjects.forward, base: base), settings.isEnforced ? forward : [])
    }

    private func chain(_ chain: NftChain, _ rules: [NftRule]) -> [NftOperation] {
        [.addChain(chain), .flushChain(chain.name)] + rules.map { .addRule(chain: chain.name, $0) }
    }

    // `ct state established,related accept; iifname "rom*" goto from-pods; oifname "rom*" goto to-pods`
    private var forward: [NftRule] {
        [
            NftRule(.replies, [.verdict(.accept)]),
            NftRule(
                .inputInterface(prefix: Ownership.linkPrefix), [.verdict(.goto(PolicyObjects.fromPods))]),
            NftRule(
                .outputInterface(prefix: Ownership.linkPrefix), [.verdict(.goto(PolicyObjects.toPods))]),
        ]
    }

    // `ip saddr . ip daddr @self4 accept; ip saddr vmap @egress4; ...; counter drop`
    private var fromPods: [NftRule] {
        var rules = [brokenConnection]
        for family in AddressFamily.allCases {
            rules.append(
                NftRule(
                    .family(family), pair(family),
                    [
                        .lookup(.first, set: PolicyObjects.own(family).name, isInverted: false), .verdict(.accept),
                    ], comment: "a pod reaches itself"))
            rules.append(
                NftRule(
                    .family(family),
                    [
                        .source(family, .first),
                        .verdictMap(.first, set: PolicyObjects.entries(.egress, family).name),
                    ]))
        }
        return rules + [NftRule([.counter, .verdict(.drop)], comment: "no policy known for the sender")]
    }

    // `oifname != "rom*" accept; ip daddr vmap @ingress4; ...; counter drop`
    private var toPods: [NftRule] {
        var rules = [
            NftRule(
                .outputInterface(prefix: Ownership.linkPrefix, isInverted: true), [.verdict(.accept)]),
            brokenConnection,
        ]
        for family in AddressFamily.allCases {
            rules.append(
                NftRule(
                    .family(family),
                    [
                        .destination(family, .first),
                        .verdictMap(.first, set: PolicyObjects.entries(.ingress, family).name),
                    ]))
        }
        return rules + [NftRule([.counter, .verdict(.drop)], comment: "no policy known for the receiver")]
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

    /// What a pod's link brings must come from the pod.
    private var spoofing: [NftRule] {
        var rules = [
            NftRule(
                .inputInterface(prefix: Ownership.linkPrefix, isInverted: true), [.verdict(.accept)]),
            // ip daddr 127.0.0.0/8 drop: on a link that lets such in for mapped ports.
            NftRule(
                .family(.ipv4),
                [.payload(.network, offset: 16, length: 1, .first), .compare(.first, .equal, [127])],
                [.counter, .verdict(.drop)], comment: "loopback"),
            // icmpv6 type nd-router-advert drop; icmpv6 type nd-redirect drop (RFC 4861: 134 and 137)
            NftRule(.icmpv6(134), [.counter, .verdict(.drop)], comment: "router advertisement"),
            NftRule(.icmpv6(137), [.counter, .verdict(.drop)], comment: "redirect"),
        ]
        for family in AddressFamily.allCases {
            rules.append(
                NftRule(
                    .family(family),
                    [
                        .meta(.inputInterface, .first), .source(family, NftRegister.first.behind(4)),
                        .lookup(.first, set: PolicyObjects.links(family).name, isInverted: false),
                        .verdict(.accept),
                    ]))
        }
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

    // `fib daddr type local dnat ip to meta l4proto . th dport map @mapped-ports4`, only to addresses of the node itself:
    // a pod must not answer for others (CVE-2025-67499).
    private var mapping: [NftRule] {
        AddressFamily.allCases.flatMap { family -> [NftRule] in
            let length = family.bits / 8
            func translate(_ key: [NftExpression], _ set: NftSet) -> NftRule {
                NftRule(
                    .family(family), .toThisNode, key,
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
    private func pair(_ family: AddressFamily) -> [NftExpression] {
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
