import CLinux
import CMnl
import CNftnl
import LinuxSystem

/// The messages of one transaction, behind one another between a begin and an end.
final class NftBatch {
    /// Room that is there before a message is built: libnftnl does not look how much is left.
    private static let reserve = 128 << 10
    /// What a batch has room for at first, and is cut back to.
    private static let usual = 256 << 10

    private var storage: UnsafeMutableRawPointer
    private var capacity = NftBatch.usual
    private var used = 0
    private var owners: [Int] = []
    private var last = 0
    /// The sequence number of the batch's beginning; messages count on from there.
    private var first: UInt32 = 1

    init() {
        storage = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { storage.deallocate() }

    /// The sequence number of the last message of an operation.
    var lastSequence: UInt32 { first &+ UInt32(owners.count) }

    /// The operation that a message is of; nil for the begin and the end.
    func owner(of sequence: UInt32) -> Int? {
        let place = Int(sequence &- first) - 1
        return owners.indices.contains(place) ? owners[place] : nil
    }

    /// Whether an answer is to this batch.
    func covers(_ sequence: UInt32) -> Bool { sequence &- first <= UInt32(owners.count) + 1 }

    /// Begins anew.
    func begin() {
        first &+= UInt32(owners.count) + 2
        if first > .max / 2 { first = 1 }
        owners.removeAll(keepingCapacity: true)
        used = 0
        if capacity > Self.usual { resize(Self.usual) }
        let header = nftnl_batch_begin(pointer, first)
        used += Int(header?.pointee.nlmsg_len ?? 0)
    }

    /// Appends a message of family inet whose payload `build` puts; false from it means that there was no memory.
    func append(
        _ type: nf_tables_msg_types, _ flags: Int32, _ owner: Int,
        _ build: (UnsafeMutablePointer<nlmsghdr>) -> Bool
    ) throws(Errno) {
        if capacity - used < Self.reserve { resize(capacity * 2) }
        let sequence = first &+ UInt32(owners.count) &+ 1
        // NFPROTO_INET is 1.
        guard let header = nftnl_nlmsg_build_hdr(pointer, UInt16(type.rawValue), 1, UInt16(flags), sequence),
            build(header)
        else { throw .ENOMEM }
        last = used
        used += (Int(header.pointee.nlmsg_len) + 3) & ~3
        owners.append(owner)
    }

    /// Everything there is to send; the last message of an operation asks to be acknowledged.
    func bytes() -> UnsafeRawBufferPointer {
        if !owners.isEmpty {
            let header = (storage + last).assumingMemoryBound(to: nlmsghdr.self)
            header.pointee.nlmsg_flags |= UInt16(NLM_F_ACK)
        }
        if capacity - used < Self.reserve { resize(capacity * 2) }
        let header = nftnl_batch_end(pointer, lastSequence &+ 1)
        return UnsafeRawBufferPointer(start: storage, count: used + Int(header?.pointee.nlmsg_len ?? 0))
    }

    private var pointer: UnsafeMutablePointer<CChar> { (storage + used).assumingMemoryBound(to: CChar.self) }

    private func resize(_ size: Int) {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        larger.copyMemory(from: storage, byteCount: used)
        storage.deallocate()
        storage = larger
        capacity = size
    }
}
