import CLinux
import CMnl
import Glibc

extension QueueDiscipline {
    /// The discipline that an RTM_NEWQDISC describes; nil for what a link has when it was given none.
    init?(_ reply: Reply) {
        guard reply.type == UInt16(RTM_NEWQDISC),
            mnl_nlmsg_get_payload_len(reply.header) >= MemoryLayout<tcmsg>.size,
            let payload = mnl_nlmsg_get_payload(reply.header)
        else { return nil }
        let fixed = payload.assumingMemoryBound(to: tcmsg.self).pointee
        guard fixed.tcm_handle != 0 else { return nil }
        var name = ""
        var options: Attribute?
        for attribute in AttributeList(reply.header, offset: MemoryLayout<tcmsg>.size) {
            switch Int(attribute.type) {
            case TCA_KIND: name = attribute.text
            case TCA_OPTIONS: options = attribute
            default: break
            }
        }
        let kind: Kind =
            switch name {
            case "tbf": options.flatMap(TokenBucket.init).map { .tokenBucket($0) } ?? .other(name)
            case "ingress": .ingress
            default: .other(name)
            }
        self.init(interface: UInt32(bitPattern: fixed.tcm_ifindex), kind: kind)
    }
}

extension TokenBucket {
    /// How many of the kernel's ticks a microsecond has: 64 ns each (PSCHED_SHIFT, and `/proc/net/psched`).
    private static let ticks = 15.625

    fileprivate init?(_ options: Attribute) {
        var parameters: tc_tbf_qopt?
        var rate: UInt64?
        for attribute in AttributeList(in: options) {
            switch Int(attribute.type) {
            case TCA_TBF_PARMS where attribute.bytes.count >= MemoryLayout<tc_tbf_qopt>.size:
                parameters = attribute.bytes.loadUnaligned(as: tc_tbf_qopt.self)
            case TCA_TBF_RATE64 where attribute.bytes.count >= 8:
                rate = attribute.bytes.loadUnaligned(as: UInt64.self)
            default: break
            }
        }
        guard let parameters else { return nil }
        let bytes = rate ?? UInt64(parameters.rate.rate)
        // The kernel tells a burst by the time that it takes.
        let burst = (Double(parameters.buffer) / Self.ticks * Double(bytes) / 1_000_000).rounded()
        self.init(rate: bytes, burst: UInt32(clamping: Int64(min(burst, 1e15))), limit: parameters.limit)
    }
}
