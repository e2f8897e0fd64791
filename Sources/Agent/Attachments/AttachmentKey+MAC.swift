public import Addresses

extension AttachmentKey {
    /// The hardware address of the pod's end: from the key's hash, unicast and locally administered (IEEE 802, 8.2).
    ///
    /// It is fixed so that the host's permanent neighbour entry can be written without asking the kernel.
    public var podMAC: MACAddress {
        var bytes = (0..<6).map { UInt8(truncatingIfNeeded: hash >> (8 * UInt64($0))) }
        bytes[0] = (bytes[0] & 0xfc) | 0x02
        return MACAddress(bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5])
    }
}
