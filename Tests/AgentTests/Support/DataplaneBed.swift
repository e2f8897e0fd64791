import Addresses
import CNIProtocol
import Etcd
import LinuxSystem
import Logging
import Netlink
import TestSupport
import Topology

@testable import Agent

/// A dataplane over a pretended kernel, with a journal on disk and time that a test sets.
final class DataplaneBed {
    let network: FakeNetwork
    let host: FakeNetworkKernel
    let nft: FakeNft
    var dataplane: Dataplane
    var now: UInt64 = 1_000_000_000
    private let journalPath: String
    private let cooldown: UInt64
    private let knowsPods: Bool
    private var pods: [String: FileDescriptorBox] = [:]
    private var nextConnection: UInt64 = 0

    /// Keeps a descriptor open.
    final class FileDescriptorBox {
        let descriptor: FileDescriptor
        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    /// A node with an uplink, networks and blocks; without blocks when `blocks` is empty.
    init(
        networks: [String] = ["10.1.0.0/16"], blocks: [String] = ["10.1.0.0/29"], cooldown: UInt64 = 0,
        network: FakeNetwork = FakeNetwork(), journalPath: String? = nil, knowsPods: Bool = false
    ) throws {
        self.network = network
        self.knowsPods = knowsPods
        nft = FakeNft()
        host = network.host
        self.journalPath = journalPath ?? "/tmp/romana-bed-\(UInt64.random(in: .min ... .max))"
        self.cooldown = cooldown
        dataplane = try Self.makeDataplane(network, nft, self.journalPath, cooldown, now, knowsPods)
        try dataplane.recover(now: now)
        learn(networks: networks, blocks: blocks)
        if !knowsPods { dataplane.take(.statements([]), now: now) }
    }

    deinit { _ = try? FileSystem.unlink(journalPath) }

    /// What etcd would tell.
    func learn(networks: [String], blocks: [String], blocksFirst: Bool = false) {
        let known = networks.enumerated().compactMap { number, cidr in
            IPPrefix(cidr).flatMap { try? Network(name: "net\(number)", cidr: $0) }
        }
        if !blocksFirst { dataplane.take(.networks(known), now: now) }
        defer { if blocksFirst { dataplane.take(.networks(known), now: now) } }
        dataplane.take(
            .ownBlocks(
                blocks.compactMap { IPPrefix($0) }.map { block in
                    let network = known.first { $0.cidr.contains(block) }?.name ?? "net0"
                    return BlockRecord(cidr: block, network: network, group: "g", groupCIDR: block, host: "node-1")
                }), now: now)
    }

    /// The agent is killed and comes back over the same kernel and journal.
    func restart(
        blocks: [String] = ["10.1.0.0/29"], networks: [String] = ["10.1.0.0/16"], blocksFirst: Bool = false
    ) throws {
        dataplane = try Self.makeDataplane(network, nft, journalPath, cooldown, now, knowsPods)
        try dataplane.recover(now: now)
        learn(networks: networks, blocks: blocks, blocksFirst: blocksFirst)
        if !knowsPods { dataplane.take(.statements([]), now: now) }
    }

    /// Serves one request and gives its answer; nil while it waits for a block.
    func call(
        _ command: CNICommand, _ container: String, interface: String = "eth0", config: String = "",
        version: String = "1.0.0", withoutNamespace: Bool = false
    ) throws -> CNIAnswer? {
        nextConnection += 1
        let environment = [
            "CNI_COMMAND": command.rawValue, "CNI_CONTAINERID": container, "CNI_IFNAME": interface,
            "CNI_NETNS": withoutNamespace ? "" : "/run/netns/\(container)", "CNI_PATH": "/opt/cni/bin",
            "CNI_ARGS": "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=\(container)",
        ]
        let text = "{\"cniVersion\":\"\(version)\",\"name\":\"cluster\",\"type\":\"romana-cni\"\(config)}"
        let request = CNIRequest(
            connection: nextConnection, received: now, environment: try CNIEnvironment { environment[$0] },
            config: try NetworkConfig(parsing: Array(text.utf8)),
            sandbox: withoutNamespace ? nil : try Sandbox(pod(container).descriptor.duplicate()))
        let served = dataplane.serve([request], now: now)
        dataplane.answered(served, now: now)
        return served.first?.answer
    }

    /// The namespace of a container, made when first asked for.
    func pod(_ container: String) throws -> FileDescriptorBox {
        if let pod = pods[container] { return pod }
        let pod = FileDescriptorBox(try network.openNamespace())
        pods[container] = pod
        return pod
    }

    /// The runtime removes the container's namespace.
    func removeNamespace(_ container: String) throws {
        network.removeNamespace(try pod(container).descriptor.rawValue)
        pods[container] = nil
    }

    /// Somebody else's pair of links between the host and a container's namespace.
    func addForeignPair(_ outer: String, _ inner: String, into container: String) throws {
        _ = try host.createVethPair(
            VethPair(
                hostName: outer, hostMAC: MACAddress(2, 0, 0, 0, 0, 1), group: 0, mtu: 1500, peerName: inner,
                peerMAC: MACAddress(2, 0, 0, 0, 0, 2), peerNamespace: try pod(container).descriptor.rawValue))
    }

    /// What the reaper's thread would do.
    func reap() throws { _ = try host.apply([.deleteLinkGroup(Ownership.reapGroup)]) }

    /// Names of the host's ends that are there.
    var links: [String] {
        get throws { try host.links(matching: LinkFilter(namePrefix: Ownership.linkPrefix)).map(\.name).sorted() }
    }

    /// Destinations of our routes on the host.
    var routes: [String] {
        get throws {
            try AddressFamily.allCases.flatMap {
                try host.routes(table: 10, routeProtocol: Ownership.routeProtocol, family: $0)
            }.map(\.destination.description).sorted()
        }
    }

    /// Addresses that the node's pool holds as used.
    var used: Int { dataplane.blocks.statistics.used }

    private static func makeDataplane(
        _ network: FakeNetwork, _ nft: FakeNft, _ journalPath: String, _ cooldown: UInt64, _ now: UInt64,
        _ knowsPods: Bool
    ) throws -> Dataplane {
        var settings = AgentSettings(
            node: "node-1", addresses: [], labels: [:], etcd: EtcdConfiguration(endpoints: []),
            etcdPrefix: "/romana", daemons: [], socketPath: "", runDirectory: "", linkName: nil, mtu: nil,
            routeTable: 10, multihop: false, cooldown: cooldown, patience: 2_000_000_000, metricsPort: 0,
            metricsHost: "")
        settings.knowsPods = knowsPods
        return Dataplane(
            settings: settings, host: network.host,
            policy: PolicyTable(settings: settings.policy, kernel: nft),
            journal: try Journal(path: journalPath, rest: cooldown, now: now),
            reaper: try LinkReaper { _, _ in },
            needs: NodeNeeds.make().needs, ownIdentity: "host", faults: FaultPoint(nil),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, forward: { _ in },
            openSandbox: { (namespace: Int32) throws(NetlinkError) -> any NetworkKernel in
                try network.kernel(in: namespace)
            })
    }
}

extension CNIAnswer {
    /// The object that was printed.
    var json: JSONValue? { try? JSONValue(parsing: output) }
    /// The error code, nil for a success.
    var code: Int? { status == 0 ? nil : json?["code"]?.intValue }
    /// The addresses of a result.
    var addresses: [String] { json?["ips"]?.arrayValue?.compactMap { $0["address"]?.stringValue } ?? [] }
}
