import Addresses
import LinuxSystem
import Netlink
import TestSupport
import Testing

/// The fake kernel and the real one, asked the same and compared: every answer, and the state in the end.
@Suite struct AgreementTests {
    /// What a scenario can talk about: the kernel under test, a way into a second namespace, and its descriptor.
    struct Stage {
        let kernel: any NetworkKernel
        let pod: any NetworkKernel
        let podNamespace: Int32

        var pair: VethPair { LinkTests.pair(in: podNamespace) }
    }

    static func scenario(_ stage: Stage) throws -> [String] {
        var seen: [String] = []
        func note(_ kernel: any NetworkKernel, _ operations: [NetworkOperation]) throws {
            for (operation, refusal) in zip(operations, try kernel.apply(operations)) {
                // The descriptor's number, at the end, is the only thing that may differ.
                var text = "\(operation)"
                if case .addVeth = operation { text.removeLast("\(stage.podNamespace)".count) }
                seen.append("\(text): \(refusal.map { $0.errno.name } ?? "done")")
            }
        }
        func address(_ text: String) throws -> IPAddress { try IPAddress(parsing: text) }
        func prefix(_ text: String) throws -> IPPrefix { try IPPrefix(parsing: text) }

        let indexes = try stage.kernel.createVethPair(stage.pair)
        let up = indexes.host
        seen.append("\(indexes)")
        var longName = stage.pair
        longName.hostName = "sixteen-letters-"
        var badMTU = stage.pair
        badMTU.hostName = "rom1"
        badMTU.peerName = "eth1"
        badMTU.mtu = 3
        var multicast = stage.pair
        multicast.hostName = "rom2"
        multicast.peerName = "eth2"
        multicast.hostMAC = MACAddress(1, 0, 0, 0, 0, 1)
        try note(
            stage.kernel,
            [
                .addVeth(stage.pair), .addVeth(longName), .addVeth(badMTU), .addVeth(multicast),
                .setLink(LinkChange(index: 99, isUp: true)), .setLink(LinkChange(index: up, mtu: 20)),
                .setLink(LinkChange(index: up, name: "lo")), .deleteLink(index: 99), .deleteLink(index: 1),
                .settleLink(index: up), .settleLink(index: 99), .deleteLinkNamed("none"), .deleteLinkGroup(5),
                .deleteLinkGroup(0),
            ])

        let v4 = InterfaceAddress(interface: up, address: try address("10.0.0.1"), prefixLength: 24)
        let v6 = InterfaceAddress(interface: up, address: try address("fd00::1"), prefixLength: 64, noDAD: true)
        var v4Wider = v4
        v4Wider.prefixLength = 16
        var elsewhere = v4
        elsewhere.interface = 99
        try note(stage.pod, [.setLink(LinkChange(index: indexes.peer, isUp: true))])
        try note(
            stage.kernel,
            [
                .addAddress(v4), .addAddress(v4), .addAddress(v4Wider), .deleteAddress(v4Wider), .addAddress(v6),
                .addAddress(v6), .addAddress(elsewhere), .deleteAddress(elsewhere),
                .deleteAddress(
                    InterfaceAddress(interface: up, address: try address("10.9.9.9"), prefixLength: 32)),
                .deleteAddress(
                    InterfaceAddress(interface: up, address: try address("fd09::9"), prefixLength: 128)),
            ])
        try note(stage.kernel, try routeOperations(up))
        let mac = MACAddress(2, 0, 0, 0, 0, 9)
        try note(
            stage.kernel,
            [
                .replaceNeighbour(Neighbour(interface: up, address: try address("10.1.2.3"), mac: mac)),
                .replaceNeighbour(Neighbour(interface: up, address: try address("fd00::3"), mac: mac)),
                .replaceNeighbour(Neighbour(interface: 99, address: try address("10.1.2.3"), mac: mac)),
                .deleteNeighbour(Neighbour(interface: up, address: try address("10.1.2.3"), mac: mac)),
                .deleteNeighbour(Neighbour(interface: up, address: try address("10.1.2.3"), mac: mac)),
                .deleteNeighbour(Neighbour(interface: 99, address: try address("10.1.2.3"), mac: mac)),
                .addRule(RoutingRule(family: .ipv4, table: 10, priority: 100)),
                .addRule(RoutingRule(family: .ipv4, table: 10, priority: 100)),
                .deleteRule(RoutingRule(family: .ipv4, table: 11, priority: 100)),
            ])
        seen += try shape(stage, up, note)
        seen += try state(stage.kernel)
        for target in ["10.0.0.9", "10.1.1.1", "10.1.3.1", "192.168.0.1", "fd00::9", "fd09::1"] {
            let route = try stage.kernel.routeLookup(to: try address(target))
            seen.append("\(target) -> \(route?.interface.map { "if\($0)" } ?? "nowhere") table \(route?.table ?? 0)")
        }

        // A link that goes down loses its routes, neighbours and IPv6 addresses.
        try note(stage.kernel, [.setLink(LinkChange(index: up, isUp: false))])
        try note(
            stage.kernel,
            [
                .replaceRoute(Route(destination: try prefix("10.1.9.0/28"), interface: up)),
                .replaceRoute(Route(destination: try prefix("fd00:9::/64"), interface: up)),
            ])
        seen += try state(stage.kernel)
        // The link that packets were sent through goes, and what sent them there with it.
        try note(stage.kernel, [.deleteLinkNamed("romi0")])
        // One end takes the other with it.
        try note(stage.pod, [.deleteLink(index: indexes.peer)])
        seen += try state(stage.kernel)
        seen += try stage.pod.links().map(\.name)
        return seen
    }

    /// Queues and a link that packets are sent through.
    static func shape(
        _ stage: Stage, _ up: UInt32, _ note: (any NetworkKernel, [NetworkOperation]) throws -> Void
    ) throws -> [String] {
        let ifb = try stage.kernel.createIFB(IFBLink(name: "romi0", group: 7170, mtu: 1400))
        let bucket = TokenBucket(rate: 125_000, burst: 12_500, limit: 20_000)
        func queue(_ interface: UInt32, _ kind: QueueDiscipline.Kind) -> NetworkOperation {
            .addQueue(QueueDiscipline(interface: interface, kind: kind))
        }
        func redirect(_ interface: UInt32, _ target: UInt32) -> NetworkOperation {
            .addRedirection(IngressRedirection(interface: interface, target: target))
        }
        try note(
            stage.kernel,
            [
                .addIFB(IFBLink(name: "romi0")), .addIFB(IFBLink(name: "sixteen-letters-")),
                .setLink(
                    LinkChange(
                        index: ifb, isUp: true, alias: "egress of a pod", addressGeneration: AddressGeneration.none)),
                queue(ifb, .tokenBucket(bucket)), queue(ifb, .tokenBucket(bucket)), queue(99, .tokenBucket(bucket)),
                queue(up, .tokenBucket(TokenBucket(rate: 1, burst: 0, limit: 1))), queue(99, .ingress),
                queue(up, .other("fq_codel")), redirect(up, ifb), queue(up, .ingress), queue(up, .ingress),
                redirect(up, 99), redirect(99, ifb), redirect(up, ifb),
            ])
        return try [up, ifb, 99].map { "\(try stage.kernel.queues(interface: $0))" }
    }

    static func routeOperations(_ up: UInt32) throws -> [NetworkOperation] {
        func route(
            _ destination: String, via gateway: String? = nil, dev interface: UInt32? = nil, kind: RouteKind = .unicast,
            onlink: Bool = false, source: String? = nil, metric: UInt32? = nil
        ) throws -> Route {
            Route(
                destination: try IPPrefix(parsing: destination), gateway: try gateway.map(IPAddress.init(parsing:)),
                interface: interface, table: 10, routeProtocol: 71, kind: kind, onlink: onlink,
                preferredSource: try source.map(IPAddress.init(parsing:)), metric: metric)
        }
        return [
            .replaceRoute(try route("10.1.1.0/28", via: "10.0.0.7")),
            .replaceRoute(try route("10.1.2.0/28", via: "192.168.7.7")),
            .replaceRoute(try route("10.1.2.0/28", via: "192.168.7.7", dev: up)),
            .replaceRoute(try route("10.1.2.0/28", via: "192.168.7.7", dev: up, onlink: true)),
            .replaceRoute(try route("10.1.2.0/28", via: "192.168.7.7", onlink: true)),
            .replaceRoute(try route("10.1.2.0/28", via: "10.0.0.1")),
            .replaceRoute(try route("10.1.2.0/28", via: "10.0.0.1", dev: up, onlink: true)),
            .replaceRoute(try route("fd00:2::/64", via: "fd00::1")),
            .replaceRoute(try route("10.1.3.0/28", kind: .unreachable)),
            .replaceRoute(try route("10.1.4.0/28")),
            .replaceRoute(try route("10.1.4.0/28", dev: 99)),
            .replaceRoute(try route("10.1.4.0/28", dev: up, source: "10.9.9.9")),
            .replaceRoute(try route("10.1.4.0/28", dev: up, source: "10.0.0.1", metric: 7)),
            .deleteRoute(try route("10.1.4.0/28", dev: 1)),
            .deleteRoute(try route("10.1.4.0/28", dev: up)),
            .deleteRoute(try route("10.1.4.0/28", dev: up)),
            .replaceRoute(try route("fd00:1::/64", via: "fd00::7")),
            .replaceRoute(try route("fd00:2::/64", via: "fd07::7")),
            .replaceRoute(try route("fd00:2::/64", via: "fd07::7", dev: up)),
            .replaceRoute(try route("fd00:2::/64", via: "fd07::7", dev: up, onlink: true)),
            .replaceRoute(try route("fd00:2::/64", via: "fe80::7")),
            .replaceRoute(try route("fd00:2::/64", via: "fe80::7", dev: up)),
            .replaceRoute(try route("fd00:3::/64", kind: .unreachable)),
            .replaceRoute(try route("fd00:4::/64")),
            .replaceRoute(try route("fd00:4::/64", dev: 99)),
            .deleteRoute(try route("fd00:3::/64", kind: .unreachable)),
            .deleteRoute(try route("fd00:3::/64", kind: .unreachable)),
            .replaceRoute(try route("10.1.1.0/28", kind: .blackhole)),
            .replaceRoute(try route("10.1.1.0/28", via: "10.0.0.8")),
        ]
    }

    /// Everything that is ours, as sorted text; IPv6 scopes and the order of lists are no matter.
    static func state(_ kernel: any NetworkKernel) throws -> [String] {
        var lines = try kernel.links().map { link -> String in
            "link \(link.index) \(link.name) \(link.isUp) \(link.mtu) \(link.group) \(link.alias ?? "")"
        }
        lines += try kernel.addresses(interface: nil).map { "\($0)" }.sorted()
        for family in AddressFamily.allCases {
            lines += try kernel.routes(table: 10, routeProtocol: 71, family: family).map { "\($0)" }.sorted()
            lines += try kernel.rules(family: family).map { "\($0)" }
        }
        lines += try kernel.neighbours(interface: nil).filter(\.isPermanent).map { "\($0)" }.sorted()
        return lines
    }

    @Test func theFakeAnswersAsTheKernelDoes() throws {
        let fake = FakeNetwork()
        let fakePod = try fake.openNamespace()
        let pretended = try Self.scenario(
            Stage(
                kernel: fake.host, pod: try fake.kernel(in: fakePod.rawValue), podNamespace: fakePod.rawValue))
        try FreshNamespace.run {
            let pod = try FreshNamespace.open()
            let real = try Self.scenario(
                Stage(
                    kernel: try KernelNetwork(), pod: try KernelNetwork.opened(in: pod.rawValue),
                    podNamespace: pod.rawValue))
            for (pretended, real) in zip(pretended, real) { #expect(pretended == real) }
            #expect(pretended.count == real.count)
        }
    }
}
