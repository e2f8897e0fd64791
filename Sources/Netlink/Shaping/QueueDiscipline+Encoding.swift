import CLinux
import CMnl
import LinuxSystem

extension QueueDiscipline {
    /// `tc qdisc add dev IF root handle 1: tbf rate R burst B limit L`, or `tc qdisc add dev IF ingress`.
    func encode(into buffer: RequestBuffer, flags: Int32, owner: Int) throws(Errno) {
        switch kind {
        case .tokenBucket(let bucket):
            guard bucket.rate > 0, bucket.burst > 0, bucket.limit > 0 else { throw .EINVAL }
            try buffer.append(type: RTM_NEWQDISC, flags: flags, owner: owner) { header in
                QueueRequest.begin(
                    header, interface: interface, handle: QueueRequest.bucketHandle, parent: QueueRequest.root,
                    kind: "tbf")
                let options = mnl_attr_nest_start(header, UInt16(TCA_OPTIONS))
                bucket.put(into: header)
                mnl_attr_nest_end(header, options)
            }
        case .ingress:
            try buffer.append(type: RTM_NEWQDISC, flags: flags, owner: owner) { header in
                QueueRequest.begin(
                    header, interface: interface, handle: QueueRequest.ingressHandle, parent: QueueRequest.ingress,
                    kind: "ingress")
            }
        case .other:
            throw .EOPNOTSUPP
        }
    }
}

extension TokenBucket {
    /// TC_LINKLAYER_ETHERNET, which is all that spares the kernel a table of how long packets of each size take.
    private static let ethernet: UInt8 = 1

    fileprivate func put(into header: UnsafeMutablePointer<nlmsghdr>) {
        var parameters = tc_tbf_qopt()
        parameters.rate.linklayer = Self.ethernet
        parameters.rate.rate = UInt32(clamping: rate)
        parameters.limit = limit
        QueueRequest.put(parameters, TCA_TBF_PARMS, into: header)
        if rate > UInt64(UInt32.max) { mnl_attr_put_u64(header, UInt16(TCA_TBF_RATE64), rate) }
        mnl_attr_put_u32(header, UInt16(TCA_TBF_BURST), burst)
    }
}
