import Glibc
public import LinuxSystem
import Synchronization

/// Stands before an HTTP server on loopback, notes what is asked of it, and answers in its place what a test says.
public final class FaultProxy: Sendable {
    /// What becomes of a request.
    public enum Fate: Sendable {
        /// The server answers it.
        case forwarded
        /// It is answered here.
        case answered(Int, String)
        /// The server answers it, and the client gets half of that.
        case halved
        /// Nobody answers it, until the client has enough.
        case ignored
        /// The server does what it asks, but its answer is lost.
        case lost
    }

    private let server: StubServer
    private let noted: Notes

    private final class Notes: Sendable {
        let state = Mutex<[StubRequest]>([])
    }

    /// A proxy of a server.
    ///
    /// - Parameters:
    ///   - port: where the server listens on loopback.
    ///   - fate: called for each request, with how many there were before it.
    public init(
        port: UInt16, fate: @escaping @Sendable (StubRequest, Int) -> Fate
    ) throws(SystemError) {
        let noted = Notes()
        self.noted = noted
        server = try StubServer { connection in
            while let request = connection.readRequest() {
                let number = noted.state.withLock { state in
                    state.append(request)
                    return state.count - 1
                }
                switch fate(request, number) {
                case .forwarded:
                    connection.send(Self.answer(request, port))
                    // The server says that it closes.
                    return
                case .answered(let status, let text): connection.send(StubAnswer(status, text).bytes)
                case .halved:
                    let bytes = Self.answer(request, port)
                    connection.send(Array(bytes.prefix(bytes.count * 2 / 3)))
                    return
                case .ignored: return connection.waitForClose()
                case .lost:
                    _ = Self.answer(request, port)
                    return
                }
            }
        }
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    public var url: String { server.url }

    /// The requests so far, in order.
    public var requests: [StubRequest] { noted.state.withLock { $0 } }

    /// How often each action of AWS's query protocol was called so far.
    public var actions: [String: Int] { requests.reduce(into: [:]) { $0[$1.action, default: 0] += 1 } }

    /// Sends a request to the server on a connection of its own, and reads until it closes.
    private static func answer(_ request: StubRequest, _ port: UInt16) -> [UInt8] {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        let isOpen = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isOpen else { return StubAnswer(502).bytes }
        var head = "\(request.method) \(request.path) HTTP/1.1\r\n"
        for (name, value) in request.headers where name != "connection" { head += "\(name): \(value)\r\n" }
        let bytes = Array((head + "Connection: close\r\n\r\n").utf8) + request.body
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return StubAnswer(502).bytes }
            sent += count
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return answer }
            answer += buffer[..<count]
        }
    }
}

extension StubRequest {
    /// The action of a form of AWS's query protocol; empty for anything else.
    public var action: String { form("Action") ?? "" }

    /// A value of a form, as it was sent; nil if it is not there.
    public func form(_ name: String) -> String? {
        text.split(separator: "&").first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
    }
}
