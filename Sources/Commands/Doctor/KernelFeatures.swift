import Addresses
import Conntrack
import LinuxSystem
import Netlink
import Nftables

/// What Romana needs of a kernel, tried in a network namespace that is made for it and goes at once.
///
/// Names of modules tell little: what is built in has none, and what is there may be forbidden. Nothing of the node's own
/// network is touched.
struct KernelFeatures: Sendable {
    /// One feature, why it is needed, and what the kernel said of it.
    struct Trial: Sendable {
        var name: String
        /// What does not work without.
        var purpose: String
        var isNeeded: Bool
        /// The kernel's refusal; nil when it did it.
        var refusal: String?
    }

    /// Tries everything on a thread of its own; throws what keeps a namespace from being made.
    static func trials() async throws -> [Trial] {
        try await withCheckedThrowingContinuation { continuation in
            do throws(SystemError) {
                _ = try NamedThread.start(name: "try kernel") {
                    continuation.resume(
                        with: Result {
                            // The thread ends in there, and the namespace with it.
                            try NetworkNamespace.unshare()
                            return links() + tables()
                        })
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    private static func trial(
        _ name: String, for purpose: String, isNeeded: Bool = true, _ body: () throws -> Void
    ) -> Trial {
        do {
            try body()
            return Trial(name: name, purpose: purpose, isNeeded: isNeeded)
        } catch {
            return Trial(name: name, purpose: purpose, isNeeded: isNeeded, refusal: "\(error)")
        }
    }

    // `ip link add romtry0 type veth ...; tc qdisc add ...; ip rule add ...; ip route replace ... table 10`
    private static func links() -> [Trial] {
        var pair: VethIndexes?
        var queue: UInt32 = 0
        func kernel() throws -> KernelNetwork { try KernelNetwork() }
        func index() throws -> UInt32 {
            guard let pair else { throw CommandError("there is no pair to try it on") }
            return pair.host
        }
        return [
            trial("veth", for: "pods have no links") {
                let namespace = try NetworkNamespace.current()
                pair = try kernel().createVethPair(
                    VethPair(
                        hostName: "romtry0", hostMAC: MACAddress(2, 0, 0, 0, 0, 1), peerName: "romtry1",
                        peerMAC: MACAddress(2, 0, 0, 0, 0, 2), peerNamespace: namespace.rawValue))
            },
            trial("routing by rules", for: "pods have no routes") {
                for family in AddressFamily.allCases {
                    let rule = RoutingRule(family: family, table: 10, priority: 32_700, routeProtocol: 71)
                    try kernel().perform([.addRule(rule)])
                }
            },
            trial("routes in table 10", for: "pods of other nodes are out of reach") {
                guard let prefix = IPPrefix("198.51.100.0/24") else { return }
                try kernel().perform([
                    .replaceRoute(Route(destination: prefix, table: 10, routeProtocol: 71, kind: .unreachable))
                ])
            },
            trial("tbf", for: "limits of ingress bandwidth do not hold", isNeeded: false) {
                let bucket = TokenBucket(rate: 1_000_000, burst: 100_000, limit: 100_000)
                try kernel().perform([.addQueue(QueueDiscipline(interface: try index(), kind: .tokenBucket(bucket)))])
            },
            trial("ifb", for: "limits of egress bandwidth do not hold", isNeeded: false) {
                queue = try kernel().createIFB(IFBLink(name: "romtry2"))
            },
            trial("redirection to ifb", for: "limits of egress bandwidth do not hold", isNeeded: false) {
                guard queue != 0 else { throw CommandError("there is no ifb to redirect to") }
                try kernel().perform([
                    .addQueue(QueueDiscipline(interface: try index(), kind: .ingress)),
                    .addRedirection(IngressRedirection(interface: try index(), target: queue)),
                ])
            },
        ]
    }

    // `nft -f -` with the kinds of rules and sets that table `inet romana` has.
    private static func tables() -> [Trial] {
        func commit(_ operations: [NftOperation]) throws {
            try KernelNft(table: "romana-try").commit([.addTable] + operations)
        }
        func rule(_ name: String, _ type: String, _ hook: NftChain.Hook, _ rule: NftRule) throws {
            let base = NftChain.Base(type, hook, priority: 0)
            try commit([.addChain(NftChain(name, base: base)), .addRule(chain: name, rule)])
        }
        return [
            trial("nf_tables", for: "policies are not enforced") {
                try commit([.addChain(NftChain("pods", base: .init("filter", .forward, priority: 0)))])
            },
            trial("verdict maps", for: "policies are not enforced") {
                try commit([.addSet(NftSet("entries", key: [.ipv4Address], mapping: .verdict))])
            },
            trial("concatenated keys", for: "policies are not enforced") {
                try commit([.addSet(NftSet("members", key: [.mark, .ipv6Address, .service]))])
            },
            trial("ranges in sets", for: "policies with CIDRs are not enforced") {
                try commit([.addSet(NftSet("ranges", key: [.ipv4Address], isInterval: true))])
            },
            trial("conntrack", for: "replies are not let through") {
                try rule("replies", "filter", .forward, NftRule(.replies, [.counter, .verdict(.accept)]))
            },
            trial("conntrack over netlink", for: "open connections that a new policy forbids go on") {
                try ConnectionTable().connections(of: nil) { _ in }
            },
            trial("nat", for: "what pods send out of the cluster gets no answer") {
                try rule("source", "nat", .postrouting, NftRule([.masquerade]))
            },
            trial("fib", for: "mapped ports do not lead to pods") {
                try rule("destination", "nat", .prerouting, NftRule(.notToThisNode, [.verdict(.accept)]))
            },
            trial("limit and NFLOG", for: "drops are not logged (--policy-log-group 0 does without)", isNeeded: false) {
                let parts: [NftExpression] = [.limit(perSecond: 10, burst: 20), .log(group: 71, prefix: "romana")]
                try rule("logged", "filter", .forward, NftRule(parts))
            },
        ]
    }
}
