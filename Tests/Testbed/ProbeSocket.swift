import Glibc
import LinuxSystem

/// A socket that never waits, in the network namespace that the thread was in when it was made.
final class ProbeSocket {
    /// What a socket said when it was asked for bytes.
    enum Reading {
        case bytes([UInt8])
        case end
        case nothing
        case failed(Int32)
    }

    /// AF_INET, AF_INET6 or AF_PACKET.
    let family: Int32
    private let file: FileDescriptor
    var descriptor: Int32 { file.rawValue }

    /// Makes a socket: `socket(2)`.
    init(_ family: Int32, _ type: __socket_type, _ transport: Int32 = 0) throws(SystemError) {
        let flags = SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let number = socket(family, Int32(type.rawValue | flags), transport)
        guard number >= 0 else { throw Self.error("make a socket of family", "\(family)") }
        file = FileDescriptor(owning: number)
        self.family = family
        if family == AF_INET6, type != SOCK_RAW { set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        // Thousands of answers may come before this thread has time to read; SO_RCVBUFFORCE, or what is allowed.
        if type != SOCK_STREAM {
            set(SOL_SOCKET, SO_RCVBUF, 8 << 20)
            set(SOL_SOCKET, 33, 8 << 20)
        }
    }

    private init(accepted number: Int32, _ family: Int32) {
        file = FileDescriptor(owning: number)
        self.family = family
    }

    static func error(_ operation: String, _ subject: String) -> SystemError {
        SystemError(operation: operation, subject: subject, errno: Errno(rawValue: errno))
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Has the socket end with a reset rather than wait for the other side, and leave its port at once.
    func resetsAtEnd() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Takes an address for its own.
    func bind(_ address: ProbeAddress) throws(SystemError) {
        set(SOL_SOCKET, SO_REUSEADDR, 1)
        guard address.withSocketAddress({ Glibc.bind(descriptor, $0, $1) }) == 0 else {
            throw Self.error("bind a socket", "descriptor \(descriptor)")
        }
    }

    /// Begins to take connections.
    func listen() throws(SystemError) {
        guard Glibc.listen(descriptor, 4096) == 0 else { throw Self.error("listen", "descriptor \(descriptor)") }
    }

    /// The next connection that is waiting.
    func accept() -> ProbeSocket? {
        let number = Glibc.accept(descriptor, nil, nil)
        guard number >= 0 else { return nil }
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        _ = fcntl(number, F_SETFL, O_NONBLOCK)
        return ProbeSocket(accepted: number, family)
    }

    /// Begins to connect.
    /// - Returns: 0, also while it is under way, or why not.
    func connect(_ address: ProbeAddress) -> Int32 {
        let answer = address.withSocketAddress { Glibc.connect(descriptor, $0, $1) }
        return answer == 0 || errno == EINPROGRESS ? 0 : errno
    }

    /// Sends bytes to an address, or to the one it is connected to.
    /// - Returns: 0, or why not.
    @discardableResult
    func send(_ bytes: [UInt8], to address: ProbeAddress? = nil) -> Int32 {
        let flags = Int32(MSG_NOSIGNAL)
        let count =
            if let address {
                address.withSocketAddress { sendto(descriptor, bytes, bytes.count, flags, $0, $1) }
            } else {
                Glibc.send(descriptor, bytes, bytes.count, flags)
            }
        return count < 0 ? errno : 0
    }

    /// Sends a packet from its IP header on, on a link by its number, through a socket of AF_PACKET.
    /// - Returns: 0, or why not.
    func send(_ packet: [UInt8], link: UInt32, _ protocolNumber: UInt16, to hardware: [UInt8]) -> Int32 {
        // struct sockaddr_ll, whose header Swift does not see.
        var address = withUnsafeBytes(of: sa_family_t(AF_PACKET)) { Array($0) }
        address += withUnsafeBytes(of: protocolNumber.bigEndian) { Array($0) }
        address += withUnsafeBytes(of: Int32(bitPattern: link)) { Array($0) }
        address += [0, 0, 0, UInt8(hardware.count)] + hardware + [0, 0]
        let count = address.withUnsafeBytes { bytes in
            sendto(
                descriptor, packet, packet.count, 0, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count))
        }
        return count < 0 ? errno : 0
    }

    /// What has arrived: a datagram, or a piece of the stream.
    func read() -> Reading {
        var room = [UInt8](repeating: 0, count: 2048)
        let count = recv(descriptor, &room, room.count, 0)
        if count > 0 { return .bytes(Array(room[..<count])) }
        if count == 0 { return .end }
        return errno == EAGAIN || errno == EINTR ? .nothing : .failed(errno)
    }

    /// A datagram that has arrived, and where it is from, as the call that answers it needs it.
    func readDatagram() -> (bytes: [UInt8], answer: (_ bytes: [UInt8]) -> Void)? {
        var room = [UInt8](repeating: 0, count: 2048)
        var sender = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let count = withUnsafeMutablePointer(to: &sender) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                recvfrom(descriptor, &room, room.count, 0, $0, &length)
            }
        }
        guard count >= 0 else { return nil }
        return (
            Array(room[..<count]),
            { [file = descriptor] bytes in
                _ = withUnsafePointer(to: sender) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        sendto(file, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
                    }
                }
            }
        )
    }

    /// A packet that a socket of AF_PACKET saw, from its IP header on, and whether it was on its way out.
    func readPacket() -> (bytes: [UInt8], isOutgoing: Bool)? {
        var room = [UInt8](repeating: 0, count: 2048)
        // struct sockaddr_ll, whose header Swift does not see; the type of the packet is at 10.
        var sender = [UInt8](repeating: 0, count: 20)
        var length = socklen_t(sender.count)
        let count = sender.withUnsafeMutableBytes { buffer in
            recvfrom(
                descriptor, &room, room.count, 0, buffer.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        guard count >= 0 else { return nil }
        return (Array(room[..<count]), sender[10] == 4)
    }
}
