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
        var ipv4 = sockaddr_in()
        var ipv6 = sockaddr_in6()
        switch address {
        case .v4(let address):
            ipv4.sin_family = sa_family_t(AF_INET)
            ipv4.sin_port = port.bigEndian
            ipv4.sin_addr.s_addr = address.rawValue.bigEndian
            return withUnsafePointer(to: &ipv4) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        case .v6(let address):
            ipv6.sin6_family = sa_family_t(AF_INET6)
            ipv6.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &ipv6.sin6_addr) {
                $0.storeBytes(of: address.rawValue.bigEndian, as: UInt128.self)
            }
            return withUnsafePointer(to: &ipv6) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
    }
}
