import CFloor
import FoundationEssentials
import Glibc

/// Ours, whole: etcd, romana-daemon and romana-agent in one node's namespace, ready to be called by romana-cni.
///
/// They die with the run's process namespace, and everything they write is in its memory.
struct RomanaNode {
    let name: String
    let node: Node
    /// The folder of romana-agent and romana-daemon.
    let programs: String
    /// romana-cni.
    let plugin: String
    /// An empty folder of this node's own.
    let directory: String
    /// The folder for logs.
    let out: String
    /// Prefix length of its blocks.
    let blockMask: Int

    private var socket: String { directory + "/agent.sock" }

    /// Starts everything and waits until the agent says that it can serve an ADD.
    func start(log: Int32) throws -> PluginSubject {
        mkdir(directory, 0o755)
        try write(topology, to: "topology.json")
        try node.perform {
            // An uplink, so that the agent finds the node as it would elsewhere.
            try ip("link add uplink type veth peer name fabric")
            try ip("address add 10.99.0.1/24 dev uplink")
            try ip("link set fabric up")
            try ip("link set uplink up")
            try startService(
                "etcd", "/usr/bin/etcd",
                [
                    "--data-dir", directory + "/etcd", "--listen-client-urls", "http://127.0.0.1:2379",
                    "--advertise-client-urls", "http://127.0.0.1:2379", "--listen-peer-urls", "http://127.0.0.1:2380",
                ])
            try startService(
                "daemon", programs + "/romana-daemon",
                [
                    "--etcd-endpoints", "http://127.0.0.1:2379", "--host", "127.0.0.1", "--port", "9600",
                    "--initial-network", directory + "/topology.json",
                ])
            try startService(
                "agent", programs + "/romana-agent",
                [
                    "--hostname", "bench-node", "--node-ip", "10.99.0.1", "--etcd-endpoints", "http://127.0.0.1:2379",
                    "--daemon", "http://127.0.0.1:9600", "--agent-socket", socket, "--run-directory",
                    directory + "/run", "--link-name", "uplink", "--metrics", "0",
                ])
        }
        try waitUntilReady(log)
        return PluginSubject(
            name: name, node: node, program: plugin, pluginPath: "/opt/cni/bin", config: config("1.0.0"),
            log: log)
    }

    private func config(_ version: String) -> String {
        #"{"cniVersion":"\#(version)","name":"romana-k8s-network","type":"romana-cni","agentSocket":"\#(socket)","#
            + #""capabilities":{"portMappings":true,"bandwidth":true}}"#
    }

    private var topology: String {
        #"{"networks":[{"name":"bench","cidr":"10.112.0.0/12","block_mask":\#(blockMask)}],"#
            + #""topologies":[{"networks":["bench"],"map":[{"name":"rack-1","groups":[]}]}]}"#
    }

    private func waitUntilReady(_ log: Int32) throws {
        let status = Invocation(
            plugin, environment: ["CNI_COMMAND=STATUS", "CNI_PATH=/opt/cni/bin"],
            input: Array(config("1.1.0").utf8), log: log)
        let deadline = floor_now() + 20_000_000_000
        while true {
            do {
                _ = try status.run("romana-cni STATUS")
                return
            } catch {
                if floor_now() > deadline {
                    throw BenchFailure("\(name) is not ready after 20 s: \(error)\n\(lastWords)")
                }
            }
            usleep(50_000)
        }
    }

    /// The end of every log.
    private var lastWords: String {
        ["etcd", "daemon", "agent"].map { service in
            let path = logPath(service)
            let bytes = (try? Data(contentsOf: URL(filePath: path))) ?? Data()
            return "--- \(path)\n" + String(decoding: bytes.suffix(1500), as: UTF8.self)
        }.joined(separator: "\n")
    }

    private func logPath(_ service: String) -> String { "\(out)/\(name)-\(service).log" }

    private func startService(_ service: String, _ program: String, _ arguments: [String]) throws {
        let log = open(logPath(service), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
        if log < 0 { throw BenchFailure("open \(logPath(service))", errno: errno) }
        defer { close(log) }
        try Invocation(
            program, arguments: arguments, environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"], input: [], log: log
        ).start()
    }

    private func ip(_ words: String) throws {
        _ = try Invocation(
            "/usr/sbin/ip", arguments: words.split(separator: " ").map(String.init), environment: [], input: [],
            log: STDERR_FILENO
        ).run("ip \(words)")
    }

    private func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(filePath: directory + "/" + file))
    }
}
