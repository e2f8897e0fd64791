/// Memory for what one receive brings; shared by the sockets of one thread, since an answer is read before the next.
package final class ReceiveRoom {
    /// The most that one answer of a dump may be; the kernel fills 32 KiB when it is offered that much.
    private static let size = 64 << 10

    /// The memory itself.
    package let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)

    /// Memory for the sockets of one thread.
    package init() {}

    deinit { bytes.deallocate() }
}
