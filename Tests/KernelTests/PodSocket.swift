import Addresses
import CLinux
import Glibc
import LinuxSystem

/// A socket of the namespace that it was opened in, to send real packets from there.
final class PodSocket {
    enum Kind {
        case datagram
        case stream
    }

    private let descriptor: Int32
    private let kind: Kind

    /// A socket bound to an address of the calling thread's namespace; port 0 is for any.
    init(_ kind: Kind, _ address: IPAddress, port: UInt16 = 0) throws(SystemError) {
        self.kind = kind
        let type = kind == .datagram ? SOCK_DGRAM : SOCK_STREAM
        descriptor = socket(address.family == .ipv4 ? AF_INET : AF_INET6, Int32(type.rawValue), 0)
        guard descriptor >= 0 else { throw Self.error("open socket", "\(address)") }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        _ = romana_socket_timeouts(descriptor, 3_000_000_000, 3_000_000_000)
        guard Self.with(address, port, { bind(descriptor, $0, $1) }) == 0 else {
            throw Self.error("bind", "\(address) port \(port)")
        }
    }

    private init(accepted descriptor: Int32) {
        self.descriptor = descriptor
        kind = .stream
        _ = romana_socket_timeouts(descriptor, 3_000_000_000, 3_000_000_000)
    }

    deinit { close(descriptor) }

    /// Sends a datagram.
    func send(_ bytes: [UInt8] = [1], to address: IPAddress, port: UInt16) throws(SystemError) {
        let sent = Self.with(address, port) { sendto(descriptor, bytes, bytes.count, 0, $0, $1) }
        guard sent >= 0 else { throw Self.error("send to", "\(address) port \(port)") }
    }

    /// Sends on a connection.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int { Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    /// Sends on this end of a connection as much as the other takes, and tells how much has come there in a time.
    func flood(_ other: PodSocket, nanoseconds: UInt64) throws(SystemError) -> Int {
        let end = Clock.monotonicNanoseconds() + nanoseconds
        let chunk = [UInt8](repeating: 1, count: 65536)
        var room = chunk
        var count = 0
        while Clock.monotonicNanoseconds() < end {
            var entries = [
                pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: other.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&entries, 2, 10)
            if entries[0].revents & Int16(POLLOUT) != 0 {
                _ = Glibc.send(descriptor, chunk, chunk.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if entries[1].revents & Int16(POLLIN) != 0 { count += max(0, recv(other.descriptor, &room, room.count, 0)) }
        }
        return count
    }

    /// Takes what has come, or waits for it; how many bytes, nil if nothing came in `milliseconds`.
    func receive(within milliseconds: Int32 = 3000, into room: inout [UInt8]) -> Int? {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, milliseconds) > 0 else { return nil }
        let count = recv(descriptor, &room, room.count, 0)
        return count < 0 ? nil : count
    }

    /// Whether something comes in `milliseconds`.
    func hears(within milliseconds: Int32 = 3000) -> Bool {
        var room = [UInt8](repeating: 0, count: 65536)
        return receive(within: milliseconds, into: &room) != nil
    }

    /// Connects to a listening socket.
    func connect(to address: IPAddress, port: UInt16) throws(SystemError) {
        guard Self.with(address, port, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
            throw Self.error("connect to", "\(address) port \(port)")
        }
    }

    /// Listens for connections.
    func listen() { _ = Glibc.listen(descriptor, 16) }

    /// Takes the next connection.
    func accept() throws(SystemError) -> PodSocket {
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else { throw Self.error("accept", "connection") }
        return PodSocket(accepted: accepted)
    }

    private static func error(_ operation: String, _ subject: String) -> SystemError {
        SystemError(operation: operation, subject: subject, errno: Errno(rawValue: errno))
    }

    private static func with<Answer>(
        _ address: IPAddress, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Answer
    ) -> Answer {
        // struct sockaddr_in or sockaddr_in6, byte for byte: whose they are in Swift depends on what else is imported.
        let family = UInt16(address.family == .ipv4 ? AF_INET : AF_INET6)
        var bytes = withUnsafeBytes(of: family, Array.init) + [UInt8(port >> 8), UInt8(port & 0xff)]
        bytes +=
            address.family == .ipv4 ? address.bytes + [UInt8](repeating: 0, count: 8) : [0, 0, 0, 0] + address.bytes
        if address.family == .ipv6 { bytes += [0, 0, 0, 0] }
        return bytes.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { pointer in
                guard let start = pointer.baseAddress else { preconditionFailure("an address has bytes") }
                return body(start, socklen_t(bytes.count))
            }
        }
    }
}
