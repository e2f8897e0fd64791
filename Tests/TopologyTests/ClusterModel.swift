import Addresses
import Topology

/// A cluster in miniature: a document, hosts placed by it, and their blocks, granted before each allocation.
struct ClusterModel {
    let document: TopologyDocument
    var hosts: [String: HostRecord] = [:]
    var nodes: [String: NodeBlocks] = [:]
    var taken = PrefixIndex()

    init(_ json: String) throws {
        document = try Documents.read(json)
        for host in document.namedHosts { try add(host) }
    }

    mutating func add(_ host: HostRecord) throws {
        var host = host
        host.groups = try Placement(document, hosts: hosts.values).groups(for: host)
        hosts[host.name] = host
        var node = NodeBlocks(cooldown: 0)
        node.setNetworks(document.networks.filter { host.groups[$0.name] != nil })
        nodes[host.name] = node
    }

    mutating func allocate(_ owner: String, on host: String, _ tenant: String = "t", _ segment: String = "s") throws
        -> String
    {
        grant(to: host)
        return try nodes[host]?.give(owner, tenant, segment).joined(separator: " ") ?? "no such host"
    }

    mutating func release(_ owner: String, on host: String) {
        _ = nodes[host]?.release(owner: owner, now: 0)
    }

    /// How many blocks of a host are in use, and how many of their addresses.
    func usage(of host: String) -> [Int] {
        (nodes[host]?.records ?? []).filter(\.isTagged).map(\.allocated)
    }

    private mutating func grant(to name: String) {
        for want in nodes[name]?.wants() ?? [] {
            guard let network = document.network(want.network), let group = hosts[name]?.groups[want.network] else {
                continue
            }
            for cidr in BlockGrant.choose(want.count, in: group.cidr, of: network, taken: taken) {
                taken.insert(cidr)
                nodes[name]?.addBlock(
                    BlockRecord(cidr: cidr, network: network.name, group: group.path, groupCIDR: group.cidr, host: name)
                )
            }
        }
    }
}
