package import CLinux
import CMnl
import CNlRoute
package import LinuxSystem

/// Requests that lie behind one another and go out in one call; one buffer, used again and again.
package final class RequestBuffer {
    /// The most bytes that go out at once.
    static let limit = 64 << 10
    /// The most bytes of one operation's requests; libnl's messages end at a page.
    static let operationLimit = 8 << 10
    /// The most requests that go out at once: each may come back as a refusal of a kilobyte or more of the kernel's
    /// memory, and the receive buffer of an unprivileged process is 416 KiB.
    static let requestLimit = 256

    /// What a request was made for.
    struct Owner {
        /// The place of the operation.
        let index: Int
        /// A refusal that counts as success.
        let tolerated: Errno?
    }

    private let storage: UnsafeMutableRawPointer
    private let batch: OpaquePointer
    private var last: UnsafeMutablePointer<nlmsghdr>?
    private var firstSequence: UInt32 = 1
    private var owners: [Owner] = []

    init() throws(Errno) {
        storage = .allocate(byteCount: 2 * Self.limit, alignment: 16)
        guard let batch = mnl_nlmsg_batch_start(storage, Self.limit) else {
            storage.deallocate()
            throw .ENOMEM
        }
        self.batch = batch
    }

    deinit {
        mnl_nlmsg_batch_stop(batch)
        storage.deallocate()
    }

    /// Whether there is nothing to send.
    var isEmpty: Bool { owners.isEmpty }

    /// Whether the requests of one more operation might not fit.
    var isFull: Bool {
        owners.count + 2 > Self.requestLimit || mnl_nlmsg_batch_size(batch) > Self.limit - Self.operationLimit
    }

    /// The sequence number of the last request.
    var lastSequence: UInt32 { firstSequence &+ UInt32(owners.count) &- 1 }

    /// Everything there is to send; the last request asks to be acknowledged.
    func bytes() -> UnsafeRawBufferPointer {
        last?.pointee.nlmsg_flags |= UInt16(NLM_F_ACK)
        return UnsafeRawBufferPointer(start: mnl_nlmsg_batch_head(batch), count: mnl_nlmsg_batch_size(batch))
    }

    /// What a request was made for; nil if it is not in the buffer.
    func owner(of sequence: UInt32) -> Owner? {
        let place = Int(sequence &- firstSequence)
        return place < owners.count ? owners[place] : nil
    }

    /// Forgets what was sent.
    func reset() {
        mnl_nlmsg_batch_reset(batch)
        firstSequence &+= UInt32(owners.count)
        // 0 is what events carry.
        if firstSequence > .max / 2 { firstSequence = 1 }
        owners.removeAll(keepingCapacity: true)
        last = nil
    }

    /// Appends a request that libnl has built.
    func append(_ message: borrowing Message, owner: Int, tolerated: Errno? = nil) throws(Errno) {
        guard let header = nlmsg_hdr(message.pointer), let start = mnl_nlmsg_batch_current(batch) else { throw .EINVAL }
        start.copyMemory(from: header, byteCount: Int(header.pointee.nlmsg_len))
        try accept(start.assumingMemoryBound(to: nlmsghdr.self), Owner(index: owner, tolerated: tolerated))
    }

    /// Appends a request whose extra header and attributes `build` puts by libmnl.
    package func append(
        type: Int, flags: Int32, owner: Int, tolerated: Errno? = nil,
        _ build: (UnsafeMutablePointer<nlmsghdr>) -> Void
    ) throws(Errno) {
        guard let header = mnl_nlmsg_put_header(mnl_nlmsg_batch_current(batch)) else { throw .EINVAL }
        header.pointee.nlmsg_type = UInt16(type)
        header.pointee.nlmsg_flags = UInt16(flags)
        build(header)
        try accept(header, Owner(index: owner, tolerated: tolerated))
    }

    private func accept(_ header: UnsafeMutablePointer<nlmsghdr>, _ owner: Owner) throws(Errno) {
        header.pointee.nlmsg_pid = 0
        header.pointee.nlmsg_flags |= UInt16(NLM_F_REQUEST)
        header.pointee.nlmsg_seq = firstSequence &+ UInt32(owners.count)
        guard mnl_nlmsg_batch_next(batch) else { throw .EMSGSIZE }
        owners.append(owner)
        last = header
    }
}
