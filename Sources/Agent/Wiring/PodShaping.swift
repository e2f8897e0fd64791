import Addresses
import CNIProtocol
import Netlink

/// The kernel operations that hold a pod to its bandwidth, as values; nothing here talks to the kernel.
///
/// What goes to the pod waits in the queue of the host's end of its pair. What the pod sends comes in there, where
/// nothing can wait, and is sent through a link of its own, whose queue holds it. All of it vanishes with the links.
struct PodShaping {
    let attachment: Attachment

    /// What may wait is what passes in 25 ms, the fortieth part of a second, as in the reference plugin.
    private static let patience: UInt64 = 40
    /// How much of a burst may wait besides, in bytes.
    ///
    /// Runtimes ask for bursts of 512 MiB, by which they mean nothing; so much may not lie in the kernel for each pod.
    private static let waitingBurst: UInt64 = 1 << 20
    /// The Ethernet header, which a queue counts and an MTU does not.
    private static let header: UInt64 = 14

    /// The link that holds what the pod sends; nil if nothing holds it.
    ///
    /// `ip link add romiX mtu M group G numtxqueues 1 numrxqueues 1 type ifb`; first, since the others need its number.
    var ifb: IFBLink? {
        guard attachment.bandwidth?.egress != nil else { return nil }
        return IFBLink(name: attachment.key.ifbName, group: Ownership.podGroup, mtu: attachment.mtu)
    }

    /// What is done on the node, in the batch of the host's end, before its routes.
    func hostOperations() -> [NetworkOperation] {
        var operations: [NetworkOperation] = []
        if ifb != nil {
            // ip link set romiX addrgenmode none up alias "romana ..."
            operations.append(
                .setLink(
                    LinkChange(
                        index: attachment.ifbIndex, isUp: true, alias: LinkAlias(attachment).text,
                        addressGeneration: AddressGeneration.none)))
        }
        // tc qdisc add dev romX root handle 1: tbf rate R burst B limit L; the same for romiX;
        // tc qdisc add dev romX ingress
        operations += queues.map { .addQueue($0) }
        if ifb != nil {
            // tc filter add dev romX parent ffff: protocol all prio 1 u32 match u32 0 0
            //   action mirred egress redirect dev romiX
            operations.append(
                .addRedirection(
                    IngressRedirection(interface: attachment.hostIndex, target: attachment.ifbIndex)))
        }
        return operations
    }

    /// The disciplines that the pod's links have, for ADD to make and CHECK to look for.
    var queues: [QueueDiscipline] {
        var queues: [QueueDiscipline] = []
        if let limit = attachment.bandwidth?.ingress {
            queues.append(QueueDiscipline(interface: attachment.hostIndex, kind: .tokenBucket(bucket(limit))))
        }
        if let limit = attachment.bandwidth?.egress {
            queues.append(QueueDiscipline(interface: attachment.ifbIndex, kind: .tokenBucket(bucket(limit))))
            queues.append(QueueDiscipline(interface: attachment.hostIndex, kind: .ingress))
        }
        return queues
    }

    /// Whether a link holds what it should; the kernel tells a burst by the time that it takes, which is not exact.
    static func isHeld(_ wanted: QueueDiscipline, by held: [QueueDiscipline]) -> Bool {
        held.contains { queue in
            guard queue.interface == wanted.interface else { return false }
            guard case .tokenBucket(let has) = queue.kind, case .tokenBucket(let should) = wanted.kind else {
                return queue.kind == wanted.kind
            }
            return has.rate == should.rate && has.limit == should.limit
        }
    }

    /// Marks the link that holds what the pod sends for the reaper; nothing if there is none.
    ///
    /// `ip link set romiX down group 7171`, after the same for the pair, which takes the redirection out of the way.
    static func retirement(of attachment: Attachment) -> [NetworkOperation] {
        guard attachment.ifbIndex != 0 else { return [] }
        return [PodWiring.retirement(index: attachment.ifbIndex)]
    }

    /// The bucket for a limit.
    ///
    /// A burst of less than a packet would let none through, so it is at least one.
    private func bucket(_ limit: BandwidthLimits.Limit) -> TokenBucket {
        let rate = max(1, limit.rate / 8)
        let burst = max(limit.burst / 8, UInt64(attachment.mtu) + Self.header)
        let waiting = rate / Self.patience + min(burst, Self.waitingBurst)
        return TokenBucket(rate: rate, burst: UInt32(clamping: burst), limit: UInt32(clamping: waiting))
    }
}
