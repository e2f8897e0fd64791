import Glibc
import Synchronization

extension Cluster {
    /// The fabric's address as it stands in URLs.
    private static func host(_ families: Families) -> String {
        families.hasIPv4 ? Fabric.address4 : "[\(Fabric.address6)]"
    }

    /// Where etcd serves clients.
    static func etcdEndpoint(_ families: Families) -> String {
        "http://\(host(families)):2379"
    }

    /// Where a daemon serves; the first has number 0.
    static func daemonURL(_ number: Int, _ layout: ClusterLayout) -> String {
        "\(layout.daemonScheme)://\(host(layout.families)):\(9600 + number)"
    }

    /// Where etcd serves clients.
    public var etcdEndpoint: String { Self.etcdEndpoint(layout.families) }

    /// Where a daemon serves; the first has number 0.
    public func daemonURL(_ number: Int = 0) -> String { Self.daemonURL(number, layout) }

    /// Starts etcd on the data that it left, if it ran before.
    public func startEtcd() async throws {
        let peers = "http://127.0.0.1:2380"
        let program = Program(
            "etcd",
            [
                "--name", "etcd", "--data-dir", directory.file("etcd"),
                "--listen-client-urls", etcdEndpoint, "--advertise-client-urls", etcdEndpoint,
                "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers,
                "--initial-cluster", "etcd=\(peers)",
                // Nothing here outlives the test.
                "--unsafe-no-fsync", "--logger", "zap", "--log-level", "warn",
            ],
            environment: ["ETCDCTL_API": "3", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            namespace: fabric.namespace.path)
        let process = try await ChildProcess.start(program, log: directory.file("etcd.log"))
        running.withLock { $0.etcd = process }
        try await eventually("etcd answers") {
            if let status = process.status { throw TestbedError("etcd ended with \(status):\n\(process.said())") }
            return try await etcdctl(["endpoint", "health"]).status.isSuccess
        }
    }

    /// Ends etcd; its data stays.
    public func stopEtcd() async {
        await running.withLock { $0.etcd }?.stop()
    }

    /// Starts a daemon; the first has number 0.
    public func startDaemon(_ number: Int = 0) async throws {
        let program = Program(
            programs.daemon,
            [
                "--etcd-endpoints", etcdEndpoint, "--etcd-prefix", "/romana",
                "--host", layout.families.hasIPv4 ? Fabric.address4 : Fabric.address6, "--port", "\(9600 + number)",
                "--initial-network", directory.file("topology.json"),
            ] + layout.daemonOptions,
            namespace: fabric.namespace.path)
        let process = try await ChildProcess.start(program, log: directory.file("daemon\(number).log"))
        running.withLock { $0.daemons[number] = process }
        try await eventually("daemon \(number) answers") {
            if let status = process.status { throw TestbedError("the daemon ended with \(status):\n\(process.said())") }
            return try await romana(["network", "list"], daemon: number).status.isSuccess
        }
    }

    /// Ends a daemon with SIGTERM.
    @discardableResult
    public func stopDaemon(_ number: Int = 0) async -> ExitStatus? {
        await running.withLock { $0.daemons[number] }?.stop()
    }

    /// Kills a daemon.
    public func crashDaemon(_ number: Int = 0) async {
        await running.withLock { $0.daemons[number] }?.crash()
    }

    /// Holds etcd still, as an overloaded machine does: its sockets stay open and nothing answers.
    public func freezeEtcd() { running.withLock { $0.etcd }?.send(SIGSTOP) }

    /// Lets etcd go on.
    public func thawEtcd() { running.withLock { $0.etcd }?.send(SIGCONT) }

    /// Holds a daemon still.
    public func freezeDaemon(_ number: Int) { running.withLock { $0.daemons[number] }?.send(SIGSTOP) }

    /// Lets a daemon go on.
    public func thawDaemon(_ number: Int) { running.withLock { $0.daemons[number] }?.send(SIGCONT) }

    private var etcdControl: EtcdControl {
        EtcdControl(endpoint: etcdEndpoint, namespace: fabric.namespace.path)
    }

    /// Runs etcdctl on this cluster's etcd.
    public func etcdctl(_ arguments: [String]) async throws(TestbedError) -> CommandResult {
        try await etcdControl.run(arguments)
    }

    /// All keys and values below a prefix.
    public func keys(below prefix: String) async throws(TestbedError) -> [String: String] {
        try await etcdControl.keys(below: prefix)
    }

    /// Runs the operators' command against a daemon; the first has number 0.
    public func romana(_ arguments: [String], daemon: Int = 0) async throws(TestbedError) -> CommandResult {
        try await Program(
            programs.romana, ["--rootURL", daemonURL(daemon)] + layout.romanaOptions + arguments,
            namespace: fabric.namespace.path
        ).run()
    }
}
