import Addresses
import LinuxSystem
import Netlink
import TestSupport
import Testing

/// What a pod's link is held to, measured in bytes that get through in a second.
@Suite struct ShapingTests {
    typealias Pod = PodWiringTests.Pod

    /// 4 Mbit/s, and 64 KiB at once.
    static let bucket = TokenBucket(rate: 500_000, burst: 65_536, limit: 78_036)

    /// Holds what goes to a pod, and what comes from it, to a rate each; what is nil is left alone.
    static func shape(
        _ link: String, ingress: TokenBucket?, egress: TokenBucket?, on node: KernelNetwork
    ) throws -> UInt32? {
        let index = try #require(try node.link(named: link)).index
        if let ingress {
            // tc qdisc add dev rom1 root handle 1: tbf rate 500000bps burst 65536b limit 78036b
            try node.perform(.addQueue(QueueDiscipline(interface: index, kind: .tokenBucket(ingress))))
        }
        guard let egress else { return nil }
        // ip link add romi1 mtu 1400 group 7170 type ifb
        let ifb = try node.createIFB(IFBLink(name: "romi" + link.dropFirst(3), group: 7170, mtu: 1400))
        try node.perform([
            // ip link set romi1 addrgenmode none up alias "..."
            .setLink(
                LinkChange(
                    index: ifb, isUp: true, alias: "egress of a pod", addressGeneration: AddressGeneration.none)),
            // tc qdisc add dev romi1 root handle 1: tbf rate 500000bps burst 65536b limit 78036b
            .addQueue(QueueDiscipline(interface: ifb, kind: .tokenBucket(egress))),
            // tc qdisc add dev rom1 ingress
            .addQueue(QueueDiscipline(interface: index, kind: .ingress)),
            // tc filter add dev rom1 parent ffff: protocol all prio 1 u32 match u32 0 0
            //   action mirred egress redirect dev romi1
            .addRedirection(IngressRedirection(interface: index, target: ifb)),
        ])
        return ifb
    }

    /// How many bytes a stream brings from one pod to the other in a second.
    static func bytes(from sender: Pod, to receiver: Pod, _ family: AddressFamily = .ipv4) throws -> Int {
        let target = try #require(receiver.addresses.first { $0.family == family })
        let server = try ConnectionTableTests.socket(.stream, in: receiver, family, port: 5001)
        server.listen()
        let client = try ConnectionTableTests.socket(.stream, in: sender, family)
        try client.connect(to: target, port: 5001)
        let connection = try server.accept()
        return try client.flood(connection, nanoseconds: 1_000_000_000)
    }

    @Test(arguments: AddressFamily.allCases)
    func eachDirectionIsHeldToItsRate(family: AddressFamily) throws {
        try FreshNamespace.run {
            let node = try KernelNetwork()
            let pods = try PodWiringTests.wire([.ipv4, .ipv6], on: node)
            let free = try Self.bytes(from: pods[0], to: pods[1], family)
            _ = try Self.shape("rom1", ingress: Self.bucket, egress: nil, on: node)
            _ = try Self.shape("rom2", ingress: nil, egress: Self.bucket, on: node)
            // What may pass in a second, what is saved up, and what the queue holds; headers count as well.
            let most = Int(Self.bucket.rate) + Int(Self.bucket.burst) + Int(Self.bucket.limit)
            let held = try Self.bytes(from: pods[1], to: pods[0], family)
            #expect(held <= most && held > Int(Self.bucket.rate) / 4, "\(held) bytes")
            // The other way nothing is held.
            let other = try Self.bytes(from: pods[0], to: pods[1], family)
            #expect(other > 4 * most, "\(other) bytes, \(free) without any limit")
        }
    }

    @Test func egressIsHeldByTheLinkThatItIsSentThrough() throws {
        try FreshNamespace.run {
            let node = try KernelNetwork()
            let pods = try PodWiringTests.wire([.ipv4], on: node)
            _ = try Self.shape("rom1", ingress: nil, egress: Self.bucket, on: node)
            let held = try Self.bytes(from: pods[0], to: pods[1])
            let most = Int(Self.bucket.rate) + Int(Self.bucket.burst) + Int(Self.bucket.limit)
            #expect(held <= most && held > Int(Self.bucket.rate) / 4, "\(held) bytes")
            let shown = shell("tc -s qdisc show dev romi1").output
            #expect(shown.contains("qdisc tbf 1: root"))
            #expect(shown.contains("rate 4Mbit burst 64Kb"), "\(shown)")
            #expect(!shown.contains("Sent 0 bytes"))
        }
    }

    @Test func tcShowsWhatWasAdded() throws {
        try FreshNamespace.run {
            let node = try KernelNetwork()
            let pods = try PodWiringTests.wire([.ipv4], on: node)
            // Their namespaces go with them, and the links with those.
            defer { withExtendedLifetime(pods) {} }
            let ifb = try #require(try Self.shape("rom1", ingress: Self.bucket, egress: Self.bucket, on: node))
            let index = try #require(try node.link(named: "rom1")).index
            let queues = shell("tc -s qdisc show dev rom1").output
            #expect(queues.contains("qdisc tbf 1: root"))
            #expect(queues.contains("rate 4Mbit burst 64Kb"), "\(queues)")
            #expect(queues.contains("qdisc ingress ffff: parent ffff:fff1"))
            let filters = shell("tc -s filter show dev rom1 ingress").output
            #expect(filters.contains("protocol all pref 1 u32"))
            #expect(filters.contains("match 00000000/00000000 at 0"))
            #expect(filters.contains("mirred (Egress Redirect to device romi1) stolen"), "\(filters)")
            let link = shell("ip -d -o link show romi1").output
            for words in ["romi1", "mtu 1400", "group 7170", "ifb", "addrgenmode none", "alias egress of a pod"] {
                #expect(link.contains(words), "\(link)")
            }
            let bucket = QueueDiscipline.Kind.tokenBucket(Self.bucket)
            let own = try node.queues(interface: index)
            #expect(
                own == [
                    QueueDiscipline(interface: index, kind: bucket), QueueDiscipline(interface: index, kind: .ingress),
                ])
            let through = try node.queues(interface: ifb)
            #expect(through == [QueueDiscipline(interface: ifb, kind: bucket)])
            #expect(try node.queues(interface: 1) == [])
            #expect(try node.addresses(interface: ifb) == [])
        }
    }

    @Test(arguments: [
        TokenBucket(rate: 1, burst: 1514, limit: 1514), TokenBucket(rate: 125_000, burst: .max >> 3, limit: .max >> 3),
        TokenBucket(rate: 12_500_000_000, burst: .max >> 3, limit: .max),
    ])
    func everyRateThatARuntimeMayAskForIsTaken(bucket: TokenBucket) throws {
        try FreshNamespace.run {
            let node = try KernelNetwork()
            let ifb = try node.createIFB(IFBLink(name: "romi0"))
            try node.perform(.addQueue(QueueDiscipline(interface: ifb, kind: .tokenBucket(bucket))))
            guard case .tokenBucket(let held) = try node.queues(interface: ifb).first?.kind else {
                Issue.record("no bucket")
                return
            }
            #expect(held.rate == bucket.rate && held.limit == bucket.limit)
        }
    }

    @Test func limitsGoWithTheGroup() throws {
        try FreshNamespace.run {
            let node = try KernelNetwork()
            let pods = try PodWiringTests.wire([.ipv4], on: node)
            // Their namespaces go with them, and the links with those.
            defer { withExtendedLifetime(pods) {} }
            let ifb = try #require(try Self.shape("rom1", ingress: Self.bucket, egress: Self.bucket, on: node))
            let index = try #require(try node.link(named: "rom1")).index
            // ip link set rom1 down group 7171; ip link set romi1 down group 7171; ip link delete group 7171
            try node.perform([
                .setLink(LinkChange(index: index, isUp: false, group: 7171)),
                .setLink(LinkChange(index: ifb, isUp: false, group: 7171)), .deleteLinkGroup(7171),
            ])
            #expect(try node.links().map(\.name) == ["lo", "rom2"])
            #expect(try node.queues(interface: index) == [])
        }
    }
}
