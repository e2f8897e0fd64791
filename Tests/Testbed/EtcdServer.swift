import Glibc
import LinuxSystem
import Synchronization

/// A real etcd on free loopback ports, with its data in a temporary directory; it dies with the test.
public final class EtcdServer: Sendable {
    /// The PEM files that etcd serves TLS with; clients must show a certificate of the same authority.
    public struct Certificates: Sendable {
        /// The authority's certificate.
        public var ca: String
        /// The server's certificate.
        public var certificate: String
        /// The server's key.
        public var key: String

        /// The three files.
        public init(ca: String, certificate: String, key: String) {
            self.ca = ca
            self.certificate = certificate
            self.key = key
        }
    }

    /// The member's name in its cluster.
    public let name: String
    /// Where it serves clients: `http://127.0.0.1:PORT`, or https.
    public let endpoint: String
    private let peer: String
    private let certificates: Certificates?
    private let flags: [String]
    private let directory: TemporaryDirectory
    private let process = Mutex<ChildProcess?>(nil)
    private let generation = Mutex(0)

    private init(_ name: String, certificates: Certificates?, flags: [String]) throws(TestbedError) {
        self.name = name
        self.certificates = certificates
        self.flags = flags
        let ports = try Self.freePorts(2)
        endpoint = "\(certificates == nil ? "http" : "https")://127.0.0.1:\(ports[0])"
        peer = "http://127.0.0.1:\(ports[1])"
        directory = try TemporaryDirectory("etcd")
    }

    /// Runs `body` with a cluster of so many members, all of which answer, and removes everything after it.
    public static func with<Result>(
        members: Int = 1, certificates: Certificates? = nil, flags: [String] = [],
        _ body: ([EtcdServer]) async throws -> Result
    ) async throws -> Result {
        let servers = try (0..<members).map { try EtcdServer("m\($0)", certificates: certificates, flags: flags) }
        let cluster = servers.map { "\($0.name)=\($0.peer)" }.joined(separator: ",")
        do {
            for server in servers { try await server.launch(cluster) }
            for server in servers { try await server.untilItAnswers() }
            let result = try await body(servers)
            for server in servers { await server.remove() }
            return result
        } catch {
            for server in servers { await server.remove() }
            throw error
        }
    }

    private func launch(_ cluster: String) async throws(TestbedError) {
        var words = [
            "--name", name, "--data-dir", directory.file("data\(generation.withLock { $0 })"), "--logger", "zap",
            "--log-level", "warn",
            "--listen-client-urls", endpoint, "--advertise-client-urls", endpoint,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", cluster, "--initial-cluster-state", "new",
        ]
        if let certificates {
            words += ["--cert-file", certificates.certificate, "--key-file", certificates.key]
            words += ["--trusted-ca-file", certificates.ca, "--client-cert-auth"]
        }
        let program = Program("etcd", words + flags, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
        let started = try await ChildProcess.start(program, log: directory.file("log"))
        process.withLock { $0 = started }
    }

    /// Waits until its port is open and its cluster serves, or the process has ended.
    private func untilItAnswers() async throws {
        guard let process = process.withLock({ $0 }) else { throw TestbedError("etcd \(name) was not started") }
        let port = UInt16(endpoint.split(separator: ":").last ?? "") ?? 0
        try await eventually("etcd \(name) serves at \(endpoint)", within: .seconds(30)) {
            if let status = process.status { throw TestbedError("etcd ended with \(status):\n\(process.said())") }
            guard Self.listens(port) else { return false }
            // etcdctl has no certificate and no password to show; being told so is an answer too.
            if certificates != nil { return true }
            do throws(TestbedError) {
                try await control("endpoint", "health")
                return true
            } catch {
                return error.description.contains("user name is empty")
            }
        }
    }

    // MARK: - What befalls it

    /// Ends it at once, as a crash does; its data stays.
    public func crash() async {
        await process.withLock { $0 }?.crash()
    }

    /// Starts it again on the ports that it had, and on its data unless that is `emptied`.
    public func restart(emptied: Bool = false) async throws {
        await crash()
        if emptied { generation.withLock { $0 += 1 } }
        // The cluster is in its data; the flag only has to name the member itself.
        try await launch("\(name)=\(peer)")
        try await untilItAnswers()
    }

    /// Holds it still, as an overloaded machine does: its sockets stay open and nothing answers.
    public func freeze() { process.withLock { $0 }?.send(SIGSTOP) }

    /// Lets it go on.
    public func thaw() { process.withLock { $0 }?.send(SIGCONT) }

    /// Its process id; nil while it was not started.
    public var pid: Int32? { process.withLock { $0 }?.pid }

    /// The last lines that it said.
    public func said() -> String { process.withLock { $0 }?.said() ?? "" }

    /// Ends it and removes its data.
    public func remove() async {
        await crash()
        directory.remove()
    }

    /// Runs etcdctl on it, and gives what it printed.
    @discardableResult
    public func control(_ words: String...) async throws(TestbedError) -> String {
        try await EtcdControl(endpoint: endpoint).run(words).checked().text
    }

    // MARK: - Ports

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = port.bigEndian
        return address
    }

    private static func socket() throws(TestbedError) -> FileDescriptor {
        let number = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw TestbedError("make a socket: \(Errno(rawValue: errno))") }
        return FileDescriptor(owning: number)
    }

    /// Ports given out by this process: none is given twice.
    private static let given = Mutex<Set<UInt16>>([])

    /// Loopback ports that nobody uses, from below the range that the kernel gives to outgoing connections.
    static func freePorts(_ count: Int) throws(TestbedError) -> [UInt16] {
        var ports: [UInt16] = []
        for _ in 0..<1000 where ports.count < count {
            let port = UInt16.random(in: 10_240..<30_000)
            guard given.withLock({ $0.insert(port).inserted }) else { continue }
            if try canBind(port) { ports.append(port) }
        }
        guard ports.count == count else { throw TestbedError("find \(count) free ports: none is left") }
        return ports
    }

    private static func canBind(_ port: UInt16) throws(TestbedError) -> Bool {
        let descriptor = try socket()
        var address = address(port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor.rawValue, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func listens(_ port: UInt16) -> Bool {
        guard let descriptor = try? socket() else { return false }
        var address = address(port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                connect(descriptor.rawValue, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
