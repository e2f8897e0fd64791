import AWS
import Addresses
import Duties
import Etcd
import FoundationEssentials
import KubernetesAPI
import NIOCore
import NIOPosix
import StubServer
import Synchronization
import Testing
import Topology

/// Hosts on addresses of this machine, which answer connections or do not, with their nodes and instances.
final class RoutedCluster: Sendable {
    let cloud = FakeCloud()
    let api: StubKubernetes
    let etcd: EtcdClient
    private let listeners = Mutex<[String: any Channel]>([:])
    private let port = Mutex<Int>(0)

    init(_ etcd: EtcdClient) throws {
        self.etcd = etcd
        api = try StubKubernetes()
    }

    static func address(_ name: String) throws -> IPAddress {
        // a1 is 127.1.1.1, b2 is 127.1.2.2.
        let letters = Array(name.utf8)
        let number = try #require(Int(name.dropFirst()))
        return try #require(IPAddress("127.1.\(letters[0] - 96).\(number)"))
    }

    /// A host with its node and instance, in the group and the zone of its first letter, that answers if it is to.
    func host(_ name: String, answers: Bool = true, node: Bool = true) async throws {
        let (zone, address) = (String(name.prefix(1)), try Self.address(name))
        let letter = Int(name.utf8.first ?? 96) - 96
        let group = HostGroup(path: zone, cidr: try #require(IPPrefix("10.\(letter).0.0/16")))
        try await etcd.put(
            "/r/hosts/\(name)", encoded(HostRecord(name: name, addresses: [address], groups: ["net": group])))
        try await etcd.put("/r/alive/\(name)", bytes("{}"))
        cloud.add(name, address, zone: zone)
        if node { self.node(name, isReady: true) }
        if answers { try await answer(name) }
    }

    func node(_ name: String, isReady: Bool, instance: String? = nil) {
        api.put(
            "/api/v1/nodes", name,
            """
            {"metadata": {"name": "\(name)", "uid": "\(name)", "resourceVersion": "VERSION"},
             "spec": {"providerID": "aws:///\(name.prefix(1))/\(instance ?? FakeCloud.instanceID(name))"},
             "status": {"conditions": [{"type": "Ready", "status": "\(isReady ? "True" : "False")"}]}}
            """)
    }

    func block(_ cidr: String, of host: String, allocated: Int = 0, tenant: String = "") async throws {
        let prefix = try #require(IPPrefix(cidr))
        let record = BlockRecord(
            cidr: prefix, network: "net", group: "", groupCIDR: prefix, host: host, tenant: tenant,
            allocated: allocated)
        try await etcd.put("/r/blocks/ipv4/\(cidr)", encoded(record))
    }

    private func encoded(_ value: some Encodable) throws -> [UInt8] { [UInt8](try JSONEncoder().encode(value)) }

    /// Has a host answer from now on.
    func answer(_ name: String) async throws {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { $0.close() }
            .bind(host: "\(try Self.address(name))", port: port.withLock { $0 }).get()
        port.withLock { $0 = channel.localAddress?.port ?? 0 }
        listeners.withLock { $0[name] = channel }
    }

    /// Has hosts answer no more, all at once.
    func silence(_ names: String...) async throws {
        let closed = listeners.withLock { listeners in names.compactMap { listeners.removeValue(forKey: $0) } }
        for promise in closed.map({ $0.close() }) { try await promise.get() }
    }

    func end() async {
        for channel in listeners.withLock({ Array($0.values) }) { try? await channel.close() }
    }

    /// What a duty of routes is told here.
    var settings: VPCRouterSettings {
        var settings = VPCRouterSettings()
        settings.checks = [.init(port: UInt16(port.withLock { $0 }), interval: .milliseconds(200))]
        return settings
    }

    /// Has the duty carried by the only candidate of a name, until the body ends.
    func routing<Result: Sendable>(
        _ settings: VPCRouterSettings? = nil, as candidate: String = "c", hasKubernetes: Bool = true,
        by other: (any EC2Service)? = nil, _ body: (DutyBoard) async throws -> Result
    ) async throws -> Result {
        var timing = KubernetesTiming()
        timing.firstPause = .milliseconds(10)
        timing.longestPause = .milliseconds(100)
        let kubernetes = KubernetesClient(
            try KubernetesConfiguration(server: api.url), timing: timing, logger: AgainstEtcd.quiet)
        let board = DutyBoard()
        let router = VPCRouter(
            settings ?? self.settings, cloud: other ?? cloud, kubernetes: hasKubernetes ? kubernetes : nil, etcd: etcd,
            prefix: "/r", host: candidate, board: board, logger: AgainstEtcd.quiet)
        let runner = DutyRunner(
            router, etcd: etcd, prefix: "/r", candidate: candidate, board: board, logger: AgainstEtcd.quiet)
        return try await AgainstEtcd.beside({ await runner.run() }) { try await body(board) }
    }

    /// The keys of routes that are on record, as `TABLE/PREFIX`.
    func records() async throws -> [String] {
        try await etcd.list(prefix: "/r/routes/vpc/tables/").keyValues
            .map { String($0.key.dropFirst("/r/routes/vpc/tables/".count)) }
    }
}

extension AgainstEtcd {
    static func withRoutes<Result: Sendable>(_ body: (RoutedCluster) async throws -> Result) async throws -> Result {
        try await withEtcd { _, etcd in
            let cluster = try RoutedCluster(etcd)
            do {
                let result = try await body(cluster)
                await cluster.end()
                return result
            } catch {
                await cluster.end()
                throw error
            }
        }
    }
}
