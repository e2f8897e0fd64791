import Addresses
import CFloor
import Glibc
import Testbed

/// A node and two pods, each a namespace of its own, wired as an agent wires them.
struct TrafficStage {
    static let client = PolicyWorld.stranger(0)
    static let server = PolicyWorld(count: 1, members: 1).address(0)
    private static let gateway = "169.254.1.1"
    private static let hostMAC = "ee:ee:ee:ee:ee:ee"

    let node: Namespace
    let clientLink: UInt32
    let serverLink: UInt32
    private let nodeFile: Int32
    private let clientFile: Int32
    private let serverFile: Int32
    private let home: Int32

    init(_ name: String) async throws {
        let node = Namespace("\(name)-node")
        let pods = [
            (Namespace("\(name)-client"), "romclient", Self.client),
            (Namespace("\(name)-server"), "romserver", Self.server),
        ]
        try await Namespace.add([node] + pods.map(\.0))
        for (pod, link, address) in pods {
            let mac = "02:00:00:00:00:01"
            try await IPRoute2.batch(
                [
                    "link add \(link) address \(Self.hostMAC) type veth peer name eth0 address \(mac) netns \(pod.name)",
                    "link set \(link) up",
                    "route add \(address)/32 dev \(link)",
                    "neighbour add \(address) lladdr \(mac) dev \(link) nud permanent",
                ], in: node)
            try await IPRoute2.batch(
                [
                    "address add \(address)/32 dev eth0", "link set eth0 up",
                    "neighbour add \(Self.gateway) lladdr \(Self.hostMAC) dev eth0 nud permanent",
                    "route add \(Self.gateway) dev eth0 scope link",
                    "route add default via \(Self.gateway) dev eth0",
                ], in: pod)
        }
        try await Program("sh", ["-c", "echo 1 >/proc/sys/net/ipv4/ip_forward"], namespace: node.path).text()
        let links = try await KernelState(of: node).links
        func index(_ name: String) throws -> UInt32 {
            guard let link = links.first(where: { $0.ifname == name }) else {
                throw TestbedError("there is no \(name)")
            }
            return UInt32(link.ifindex)
        }
        self.node = node
        clientLink = try index("romclient")
        serverLink = try index("romserver")
        nodeFile = try Self.open(node)
        clientFile = try Self.open(pods[0].0)
        serverFile = try Self.open(pods[1].0)
        home = floor_namespace_current()
    }

    private static func open(_ namespace: Namespace) throws -> Int32 {
        let descriptor = Glibc.open(namespace.path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw TestbedError("open \(namespace.path): \(String(cString: strerror(errno)))") }
        return descriptor
    }

    /// Runs `body` on this thread in the node's namespace, and comes back.
    func perform<Value>(_ body: () throws -> Value) throws -> Value {
        try Self.check("enter \(node.name)", floor_namespace_enter(nodeFile))
        let outcome = Result { try body() }
        try Self.check("leave \(node.name)", floor_namespace_enter(home))
        return try outcome.get()
    }

    /// Gbit/s over one TCP connection from the client to the server.
    func throughput(milliseconds: Int32) throws -> Double {
        var rate = 0.0
        try Self.check(
            "send from the client of \(node.name) to its server",
            floor_traffic_bytes(serverFile, clientFile, Self.wire, milliseconds, &rate))
        return rate * 8 / 1e9
    }

    /// TCP connections a second, one after the other.
    func connections(milliseconds: Int32) throws -> Double {
        var rate = 0.0
        try Self.check(
            "connect from the client of \(node.name) to its server",
            floor_traffic_connections(serverFile, clientFile, Self.wire, milliseconds, &rate))
        return rate
    }

    /// The server's address as the network has it.
    private static var wire: UInt32 {
        server.bytes.reduce(0) { $0 << 8 | UInt32($1) }.bigEndian
    }

    private static func check(_ operation: String, _ code: Int32) throws {
        if code != 0 { throw TestbedError("\(operation): \(String(cString: strerror(code)))") }
    }
}
