import LinuxSystem
import Synchronization

/// A node of a test cluster: its namespace, and the agent that runs there.
public final class Node: Sendable {
    /// What is fixed about a node.
    public struct Site: Sendable, Hashable {
        /// 1 for the first.
        public let number: Int
        /// Its name in the cluster.
        public var name: String { "node\(number)" }
        /// Its network namespace; nil is that of this process.
        public let namespace: Namespace?
        /// What the names of its pods' namespaces begin with.
        public let prefix: String
        /// Its folder: socket, run directory and log.
        public let directory: String
        /// The CNI binary.
        public let cni: String
        /// The agent's socket.
        public var socket: String { "\(directory)/agent.sock" }
        /// The agent's run directory, with its journal.
        public var runDirectory: String { "\(directory)/run" }
        /// What the agents of this node said.
        public var log: String { "\(directory)/agent.log" }

        /// A node by its number, namespace, folder and CNI binary.
        public init(number: Int, namespace: Namespace?, prefix: String, directory: String, cni: String) {
            self.number = number
            self.namespace = namespace
            self.prefix = prefix
            self.directory = directory
            self.cni = cni
        }
    }

    /// Its name, namespace and paths.
    public let site: Site
    /// What starts its agent.
    public let program: Program
    private let agentProcess = Mutex<ChildProcess?>(nil)
    private let podCount = Atomic(0)

    init(site: Site, agent program: Program) {
        self.site = site
        self.program = program
    }

    /// Its name in the cluster.
    public var name: String { site.name }
    /// The agent that was started last.
    public var agent: ChildProcess? { agentProcess.withLock { $0 } }

    /// Starts the agent.
    ///
    /// - Parameters:
    ///   - fault: a point at which the agent kills itself, such as `add-veth` or `add-veth:3` for the third pass.
    ///   - more: arguments added to those that every agent gets.
    public func startAgent(fault: String? = nil, _ more: [String] = []) async throws(TestbedError) {
        var program = program
        program.arguments += more
        var environment: [String: String] = [:]
        for (name, value) in ProcessEnvironment.all() { environment[name] = value }
        environment["ROMANA_FAULT"] = fault
        program.environment = environment
        let process = try await ChildProcess.start(program, log: site.log)
        agentProcess.withLock { $0 = process }
    }

    /// Waits until the agent says by STATUS that it can serve an ADD.
    public func waitUntilReady(within limit: Duration = .seconds(30)) async throws {
        try await eventually("the agent of \(name) is ready", within: limit, every: .milliseconds(50)) {
            if let status = agent?.status {
                throw TestbedError("the agent of \(name) ended with \(status)")
            }
            return try await isReady()
        }
    }

    /// Whether STATUS says that an ADD could be served.
    public func isReady() async throws(TestbedError) -> Bool {
        var pod = Pod(node: site, number: 0, tenant: "default")
        pod.cniVersion = "1.1.0"
        return try await pod.call("STATUS").run().isSuccess
    }

    /// Kills the agent as `kill -9` does.
    public func crashAgent() async {
        await agent?.crash()
    }

    /// Asks the agent to end.
    @discardableResult
    public func stopAgent() async -> ExitStatus? {
        await agent?.stop()
    }

    /// Makes sandboxes for pods on this node, with nothing in their namespaces.
    public func makePods(_ count: Int = 1, tenant: String = "default") async throws(TestbedError) -> [Pod] {
        let first = podCount.add(count, ordering: .relaxed).oldValue
        let pods = (0..<count).map { Pod(node: site, number: first + $0 + 1, tenant: tenant) }
        try await Namespace.addEmpty(pods.map(\.namespace))
        return pods
    }

    /// Makes one sandbox on this node.
    public func makePod(tenant: String = "default") async throws(TestbedError) -> Pod {
        guard let pod = try await makePods(1, tenant: tenant).first else { throw TestbedError("made no pod") }
        return pod
    }
}
