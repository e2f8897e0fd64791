import FoundationEssentials
import Policies
import Testbed

/// A node with the programs as they are installed, in this process's own namespace: etcd, romana-daemon, romana-agent.
final class PolicyNode {
    let etcd: EtcdGateway
    private let directory: TemporaryDirectory
    private let agentProgram: Program
    private let log: String
    private let site: Node.Site
    private var agent: ChildProcess?
    private var podCount = 0

    private static let address = "10.99.0.1"

    /// Runs `body` with a node whose etcd and daemon run; the agent does not yet.
    static func with(
        programs: String, plugin: String, out: String, _ body: (PolicyNode) async throws -> [Measure]
    ) async throws -> [Measure] {
        let directory = try TemporaryDirectory("node")
        defer { directory.remove() }
        try await IPRoute2.batch([
            "link add uplink type veth peer name fabric", "address add \(address)/24 dev uplink", "link set fabric up",
            "link set uplink up",
        ])
        return try await EtcdServer.with { servers in
            let daemon = try await startDaemon(servers[0], programs, directory, out)
            let node = try PolicyNode(servers[0], programs, plugin, directory, out)
            do {
                let measures = try await body(node)
                await node.crash()
                await daemon.stop()
                return measures
            } catch {
                throw TestbedError("\(error)\n\(node.agent?.said(lines: 20) ?? "")")
            }
        }
    }

    private init(
        _ server: EtcdServer, _ programs: String, _ plugin: String, _ directory: TemporaryDirectory, _ out: String
    ) throws {
        self.directory = directory
        etcd = try EtcdGateway(server.endpoint)
        log = "\(out)/policy-agent.log"
        try TextFile.write("", to: log)
        site = Node.Site(number: 1, namespace: nil, prefix: "policy", directory: directory.path, cni: plugin)
        agentProgram = Program(
            programs + "/romana-agent",
            [
                "--hostname", "bench-node", "--node-ip", Self.address, "--etcd-endpoints", server.endpoint,
                "--etcd-prefix", "/romana", "--daemon", "http://127.0.0.1:9600", "--agent-socket", site.socket,
                "--run-directory", site.runDirectory, "--link-name", "uplink", "--metrics", "0",
            ])
    }

    private static func startDaemon(
        _ etcd: EtcdServer, _ programs: String, _ directory: TemporaryDirectory, _ out: String
    ) async throws -> ChildProcess {
        try TextFile.write(
            #"{"networks":[{"name":"bench","cidr":"10.112.0.0/12","block_mask":24}],"#
                + #""topologies":[{"networks":["bench"],"map":[{"name":"rack-1","groups":[]}]}]}"#,
            to: directory.file("topology.json"))
        let log = "\(out)/policy-daemon.log"
        try TextFile.write("", to: log)
        let daemon = try await ChildProcess.start(
            Program(
                programs + "/romana-daemon",
                [
                    "--etcd-endpoints", etcd.endpoint, "--etcd-prefix", "/romana", "--host", "127.0.0.1", "--port",
                    "9600", "--initial-network", directory.file("topology.json"),
                ]), log: log)
        try await eventually("the daemon has the topology") {
            if let status = daemon.status { throw TestbedError("it ended with \(status): \(daemon.said())") }
            return TextFile.read(log)?.contains("msg=serving") ?? false
        }
        return daemon
    }

    /// Starts the agent and waits until it says that it can serve an ADD.
    func start() async throws {
        agent = try await ChildProcess.start(agentProgram, log: log)
        var pod = Pod(node: site, number: 0, tenant: "none")
        pod.cniVersion = "1.1.0"
        let call = pod.call("STATUS")
        try await eventually("the agent is ready", within: .seconds(30), every: .milliseconds(2)) { [agent] in
            if let status = agent?.status { throw TestbedError("the agent ended with \(status)") }
            return try await call.run().isSuccess
        }
    }

    /// Kills the agent.
    func crash() async { await agent?.crash() }

    /// ADD for so many more pods, evenly over these namespaces.
    func addPods(_ count: Int, namespaces: [String]) async throws {
        let pods = (podCount..<podCount + count).map {
            Pod(node: site, number: $0, tenant: namespaces[$0 % namespaces.count])
        }
        podCount += count
        try await Namespace.addEmpty(pods.map(\.namespace))
        _ = try await pods.concurrently(4) { try await $0.add() }
    }

    /// A line of the agent's /proc/PID/status, in MiB.
    func memory(_ name: String) throws -> Double {
        guard let agent, let data = try? Data(contentsOf: URL(filePath: "/proc/\(agent.pid)/status")) else {
            throw TestbedError("the agent does not run")
        }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        let words = lines.first { $0.hasPrefix("\(name):") }?.split { $0 == " " || $0 == "\t" } ?? []
        return (words.count > 1 ? Double(words[1]) ?? 0 : 0) / 1024
    }

    /// Stores a policy, under its id.
    func store(_ policy: NetworkPolicy) throws {
        let record = Array(try JSONEncoder().encode(StoredPolicy.kubernetes(policy)))
        try etcd.put([(Self.key(of: policy), record)])
    }

    /// Removes a policy.
    func remove(_ policy: NetworkPolicy) throws { try etcd.delete(Self.key(of: policy)) }

    /// Stores a group with its members, the group's own key last.
    func store(_ group: PodGroup, _ members: [GroupMember]) throws {
        let encoder = JSONEncoder()
        let records = try members.map { (Self.key(of: $0, in: group), Array(try encoder.encode($0))) }
        try etcd.put(records)
        try etcd.put([("/romana/groups/\(group.key)", Array(try encoder.encode(group)))])
    }

    static func key(of member: GroupMember, in group: PodGroup) -> String {
        "/romana/groups/\(group.key)/\(member.address)"
    }

    private static func key(of policy: NetworkPolicy) -> String { "/romana/policies/\(policy.id)" }
}
