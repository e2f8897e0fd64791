import Glibc
public import LinuxSystem
import Synchronization

/// A small HTTP/1.1 server whose answers a test writes itself, byte by byte if it wants to.
///
/// Each connection has a thread; the server and its connections end when the value goes.
public final class StubServer: Sendable {
    private struct State {
        var requests: [StubRequest] = []
        var connections: [Int32] = []
        var accepted = 0
        var isStopped = false
    }

    private let listener: Int32
    private let path: String?
    private let state = Mutex(State())
    private let serve: @Sendable (StubConnection) -> Void
    /// Where it listens: `http://127.0.0.1:PORT`, or `http://localhost` behind a unix socket.
    public let url: String

    /// A server whose connections are served by a script; each ends when the script returns.
    public init(
        unixSocket path: String? = nil, script: @escaping @Sendable (StubConnection) -> Void
    ) throws(SystemError) {
        serve = script
        self.path = path
        if let path {
            listener = try UnixSocket.listen(path).takeWaiting()
            url = "http://localhost"
        } else {
            let (descriptor, port) = try Self.listenOnLoopback()
            listener = descriptor
            url = "http://127.0.0.1:\(port)"
        }
        let acceptor = Acceptor(listener: listener)
        _ = try NamedThread.start(name: "stub") { [weak self] in
            while let connection = acceptor.next() {
                guard let self else { return _ = close(connection) }
                self.begin(connection)
            }
        }
    }

    /// A server that answers every request of every connection.
    public convenience init(
        unixSocket path: String? = nil, answer: @escaping @Sendable (StubRequest) -> StubAnswer
    ) throws(SystemError) {
        try self.init(unixSocket: path) { (connection: StubConnection) in
            while let request = connection.readRequest() { connection.send(answer(request).bytes) }
        }
    }

    deinit { stop() }

    /// The requests so far, in order.
    public var requests: [StubRequest] { state.withLock(\.requests) }
    /// How many connections have come.
    public var connectionCount: Int { state.withLock(\.accepted) }

    /// Stops listening and ends every connection.
    public func stop() {
        let connections = state.withLock { state -> [Int32]? in
            guard !state.isStopped else { return nil }
            state.isStopped = true
            return state.connections
        }
        guard let connections else { return }
        if let path { unlink(path) }
        shutdown(listener, Int32(SHUT_RDWR))
        for connection in connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }

    private func begin(_ descriptor: Int32) {
        state.withLock { state in
            state.accepted += 1
            state.connections.append(descriptor)
        }
        let script = serve
        let connection = StubConnection(descriptor: descriptor) { [weak self] request in
            self?.state.withLock { $0.requests.append(request) }
        }
        let thread = try? NamedThread.start(name: "stub connection") { [weak self] in
            script(connection)
            self?.state.withLock { $0.connections.removeAll { $0 == descriptor } }
            close(descriptor)
        }
        if thread == nil { close(descriptor) }
    }

    private static func listenOnLoopback() throws(SystemError) -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isReady = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard isReady else {
            throw SystemError(operation: "listen on", subject: "127.0.0.1", errno: Errno(rawValue: Glibc.errno))
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
}

/// Accepts until the listener is shut down, which it then closes.
private struct Acceptor: Sendable {
    let listener: Int32

    func next() -> Int32? {
        while true {
            let descriptor = accept(listener, nil, nil)
            if descriptor >= 0 { return descriptor }
            if errno == EINTR || errno == ECONNABORTED { continue }
            close(listener)
            return nil
        }
    }
}

extension UnixSocket {
    /// Gives up the descriptor, which waits from now on.
    fileprivate consuming func takeWaiting() throws(SystemError) -> Int32 {
        let copy = try FileDescriptor.duplicate(rawValue).release()
        _ = fcntl(copy, F_SETFL, fcntl(copy, F_GETFL) & ~O_NONBLOCK)
        return copy
    }
}
