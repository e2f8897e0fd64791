import Synchronization

/// The network of a ``CloudNetwork`` in namespaces: a router with a subnet for each zone, and a namespace for each
/// instance.
///
/// Packets from a zone are routed by the zone's table, which the router is told with ``lead(_:in:via:)``; the router has
/// the address of ``Fabric`` too, where etcd and daemons run, and moto is in it.
public struct VPCFabric: Sendable {
    /// moto, which runs in the router's namespace.
    public let moto: MotoServer
    /// Where moto is for programs in the router's namespace.
    public let endpoint: String
    /// What is in the VPC.
    public let network: CloudNetwork
    /// The namespaces of the instances, in their order.
    public let places: [Namespace]
    /// The router's namespace and those of the instances that agents run on.
    public let fabric: Fabric
    private let entrance: String
    /// The number of the table of each zone, by the id that AWS has for it.
    private let numbers: [String: Int]

    private static let counter = Atomic(0)

    /// Makes the namespaces, starts moto, and makes the VPC in it.
    ///
    /// - Parameters:
    ///   - perZone: how many instances each of three zones has.
    ///   - agents: how many of these, the first of each zone, agents run on.
    ///   - hasIPv6: whether it has IPv6 addresses besides.
    ///   - folder: where moto's log goes.
    public static func build(
        perZone: Int, agents: Int, mtu: Int = 1500, routesPerTable: Int = 500, hasIPv6: Bool = false,
        folder: TemporaryDirectory
    ) async throws -> VPCFabric {
        let prefix = Namespace.uniquePrefix()
        let router = Namespace("\(prefix)-router")
        let number = counter.add(1, ordering: .relaxed).oldValue
        let (outer, inner) = ("169.254.\(200 + number % 50).1", "169.254.\(200 + number % 50).2")
        let entrance = "cloud\(number)"
        try await Namespace.add([router])
        try await IPRoute2.batch([
            "link add \(entrance) type veth peer name entrance netns \(router.name)",
            "address add \(outer)/30 dev \(entrance)", "link set \(entrance) up",
        ])
        try await IPRoute2.batch(
            [
                "address add \(inner)/30 dev entrance", "link set entrance up",
                "address add \(Fabric.address4)/32 dev lo",
            ], in: router)
        // What is connected first, then the table of the zone that a packet comes from.
        try await rule("rule add priority 100 lookup main suppress_prefixlength 0", in: router)
        let moto = try await MotoServer.start(
            in: router.path, host: inner, port: 5000, routesPerTable: routesPerTable, log: folder.file("moto.log"))
        do {
            let network = try await CloudNetwork.make(at: moto, instancesPerZone: perZone, hasIPv6: hasIPv6)
            var numbers: [String: Int] = [:]
            var places: [Namespace] = []
            for (index, zone) in network.tables.keys.sorted().enumerated() {
                numbers[network.tables[zone] ?? ""] = 100 + index
                let instances = network.instances.filter { $0.zone == zone }
                try await addZone(index + 1, network.heads6[zone], of: router, mtu: mtu)
                let spaces = instances.indices.map { Namespace("\(prefix)-\(zone)-\($0 + 1)") }
                try await Namespace.add(spaces)
                for (place, instance) in zip(spaces, instances) {
                    try await add(
                        instance, place, zone: index + 1, network.heads6[zone], of: router, mtu: mtu)
                }
                places += spaces
            }
            try await Program(
                "sh",
                [
                    "-c",
                    """
                    cd /proc/sys/net; echo 1 >ipv4/ip_forward; echo 1 >ipv6/conf/all/forwarding
                    for f in ipv4/conf/*/rp_filter; do echo 0 >$f; done
                    """,
                ], namespace: router.path
            ).run().checked()
            let chosen = zip(places.indices, places).filter { $0.0 % perZone < agents }.map(\.1)
            return VPCFabric(
                moto: moto, endpoint: "http://127.0.0.1:5000", network: network, places: places,
                fabric: Fabric(namespace: router, nodes: chosen, prefix: prefix), entrance: entrance,
                numbers: numbers)
        } catch {
            await moto.remove()
            throw error
        }
    }

    /// Adds a rule for both families.
    private static func rule(_ line: String, in router: Namespace) async throws(TestbedError) {
        for family in ["-4", "-6"] { try await IPRoute2.batch([line], options: [family], in: router) }
    }

    private static func addZone(
        _ zone: Int, _ head6: String?, of router: Namespace, mtu: Int
    ) async throws(TestbedError) {
        try await IPRoute2.batch(
            [
                "link add zone\(zone) mtu \(mtu) type bridge stp_state 0 mcast_snooping 0",
                "address add 10.0.\(zone).1/24 dev zone\(zone)", "link set zone\(zone) up",
            ] + (head6.map { ["address add \($0)::1/64 dev zone\(zone) nodad"] } ?? []), in: router)
        try await rule("rule add priority \(200 + zone) iif zone\(zone) lookup \(99 + zone)", in: router)
    }

    private static func add(
        _ instance: CloudNetwork.Instance, _ place: Namespace, zone: Int, _ head6: String?, of router: Namespace,
        mtu: Int
    ) async throws(TestbedError) {
        let link = "v\(instance.id.suffix(12))"
        try await IPRoute2.batch(
            [
                "link add \(link) mtu \(mtu) type veth peer name \(Fabric.uplink) mtu \(mtu) netns \(place.name)",
                "link set \(link) master zone\(zone) up",
            ], in: router)
        try await IPRoute2.batch(
            [
                "address add \(instance.address)/24 dev \(Fabric.uplink)", "link set \(Fabric.uplink) up",
                "route add default via 10.0.\(zone).1",
            ], in: place)
        guard let head6, let address6 = instance.address6 else { return }
        try await IPRoute2.batch(
            ["address add \(address6)/64 dev \(Fabric.uplink) nodad", "route add ::/0 via \(head6)::1"], in: place)
    }

    /// The namespace of an instance.
    public func place(of instance: CloudNetwork.Instance) -> Namespace? {
        network.instances.firstIndex(of: instance).map { places[$0] }
    }

    /// Has the router hold for a table of the VPC exactly these routes, by prefix to the address of an instance.
    public func lead(_ routes: [String: String], in table: String, were: [String: String]) async throws {
        guard let number = numbers[table] else { return }
        var lines: [String] = []
        for (prefix, address) in routes where were[prefix] != address {
            lines.append("route replace \(prefix) via \(address) table \(number)")
        }
        for prefix in were.keys where routes[prefix] == nil { lines.append("route delete \(prefix) table \(number)") }
        if !lines.isEmpty { try await IPRoute2.batch(lines, in: fabric.namespace) }
    }

    /// Has an instance's namespace fall silent, or speak again: its link goes down at the router's end.
    public func setSilent(_ isSilent: Bool, _ instance: CloudNetwork.Instance) async throws(TestbedError) {
        try await IPRoute2.batch(
            ["link set v\(instance.id.suffix(12)) \(isSilent ? "nomaster" : "master zone\(zone(of: instance))")"],
            in: fabric.namespace)
    }

    private func zone(of instance: CloudNetwork.Instance) -> Int {
        (network.subnets.keys.sorted().firstIndex(of: instance.zone) ?? 0) + 1
    }

    /// Takes everything away.
    public func remove() async {
        await moto.remove()
        try? await IPRoute2.batch(["link delete \(entrance)"])
        await Namespace.delete(
            Namespace.present.filter { $0.hasPrefix("\(fabric.prefix)-") }.map { Namespace($0) })
    }
}
