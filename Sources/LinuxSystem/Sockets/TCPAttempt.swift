// Embedded Swift, in which the CNI plugin is built, has no use for it.
#if !hasFeature(Embedded)
import CLinux

/// A TCP connection that is being opened, to see whether somebody listens there.
///
/// It never waits; closing it, or letting it go, ends it.
public struct TCPAttempt: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// Begins to connect to an address, its 4 or 16 bytes in network order.
    ///
    /// Throws ENETUNREACH or EHOSTUNREACH where no route leads there.
    public init(to address: [UInt8], port: UInt16) throws(SystemError) {
        let opened = try SystemCall.answer("connect", "port \(port)") {
            romana_tcp_connect(address, address.count, port)
        }
        descriptor = FileDescriptor(owning: opened)
    }

    /// For `Epoll.add`; writable when it is decided.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Whether the other side has taken the connection, once that is decided.
    public var isConnected: Bool { romana_socket_error(rawValue) == 0 }
}
#endif
