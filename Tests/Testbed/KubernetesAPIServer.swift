import Glibc
import HTTPTransfer
import LinuxSystem
import Synchronization

/// A real kube-apiserver in the fabric's namespace, with an etcd of its own, so that either can fail alone.
///
/// Nodes reach it at ``url``. This process does through a link of its own, at another address.
public final class KubernetesAPIServer: Sendable {
    /// The program, as `make test-system` names it in `ROMANA_APISERVER`; nil where nobody built it.
    public static var program: String? {
        ProcessEnvironment.value("ROMANA_APISERVER").flatMap { $0.isEmpty ? nil : $0 }
    }

    /// What is said of tests that cannot run without it.
    public static let absence = "no kube-apiserver: run these tests by `make test-system`"

    /// Where nodes reach it.
    public let url: String
    /// What the program calls its version, such as `v1.20.2`.
    public let version: String
    let fabric: Fabric
    let folder: String
    /// This process's link to the fabric.
    let entrance: Entrance
    let client = HTTPClient()
    /// The addresses that Services may have.
    let serviceRange: String
    private let running = Mutex(Running())

    private struct Running {
        var etcd: ChildProcess?
        var server: ChildProcess?
    }

    private init(
        fabric: Fabric, families: Families, serviceRange: String, folder: String, entrance: Entrance, version: String
    ) {
        self.version = version
        self.serviceRange = serviceRange
        self.fabric = fabric
        self.folder = folder
        self.entrance = entrance
        url = "https://\(families.hasIPv4 ? Fabric.address4 : "[\(Fabric.address6)]"):\(Self.port)"
    }

    /// Makes its folder with keys and tokens, and the link to it; nothing runs yet.
    ///
    /// - Parameters:
    ///   - serviceRange: the addresses that Services may have.
    ///   - folder: an empty one, for all that it writes.
    public static func prepare(
        on fabric: Fabric, families: Families = .dual, serviceRange: String = "10.96.0.0/16", folder: String
    ) async throws(TestbedError) -> KubernetesAPIServer {
        guard let program else { throw TestbedError(absence) }
        let version = try await Program(program, ["--version"]).text().split(whereSeparator: \.isWhitespace).last
        let entrance = Entrance()
        try await entrance.open(to: fabric)
        let server = KubernetesAPIServer(
            fabric: fabric, families: families, serviceRange: serviceRange, folder: folder, entrance: entrance,
            version: version.map { String($0) } ?? "")
        try await server.writeKeys()
        return server
    }

    /// Starts it and its etcd, waits until it is ready, and allows agents what they need.
    public func start() async throws {
        try await startEtcd()
        try await startServer()
        try await allowAgents()
    }

    // The optimizer of Swift 6.3.1 crashes where this is part of start().
    @inline(never)
    private func allowAgents() async throws {
        for role in KubernetesManifest.agentRole { try await apply(role) }
    }

    // MARK: - What befalls it

    /// Starts its etcd on the data that it left, if it ran before.
    public func startEtcd() async throws {
        let process = try await ChildProcess.start(etcdProgram, log: "\(folder)/etcd.log")
        running.withLock { $0.etcd = process }
    }

    /// Starts the server, and waits until it says that it is ready.
    public func startServer() async throws {
        let process = try await ChildProcess.start(try serverProgram(), log: "\(folder)/kube-apiserver.log")
        running.withLock { $0.server = process }
        try await eventually("kube-apiserver is ready", within: .seconds(90), every: .milliseconds(100)) {
            if let status = process.status {
                throw TestbedError("kube-apiserver ended with \(status):\n\(process.said())")
            }
            return await isReady()
        }
    }

    /// Whether it says that it is.
    public func isReady() async -> Bool {
        let answer = try? await client.send(request("GET", "/readyz", timeout: .seconds(2)))
        return answer?.status == 200
    }

    /// Ends the server at once; what it knows stays in its etcd.
    public func crash() async { await running.withLock { $0.server }?.crash() }

    /// Ends its etcd at once; the server goes on, and can neither read nor write.
    public func crashEtcd() async { await running.withLock { $0.etcd }?.crash() }

    /// Holds the server still: its sockets stay open and nothing answers.
    public func freeze() { running.withLock { $0.server }?.send(SIGSTOP) }

    /// Lets the server go on.
    public func thaw() { running.withLock { $0.server }?.send(SIGCONT) }

    /// Ends both and takes the link away; files stay where they are.
    public func remove() async {
        let (server, etcd) = running.withLock { ($0.server, $0.etcd) }
        client.shutdown()
        // Everything is lost by intention: no need to wait until it has closed its watches.
        server?.send(SIGCONT)
        await server?.crash()
        await etcd?.crash()
        await entrance.close()
    }

    /// Its processes, for their last words.
    var processes: [ChildProcess] { running.withLock { [$0.server, $0.etcd].compactMap { $0 } } }
}
