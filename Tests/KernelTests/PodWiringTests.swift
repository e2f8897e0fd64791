import Addresses
import LinuxSystem
import Netlink
import TestSupport
import Testing

/// The recipe by which a pod gets its network, and pings that prove it.
///
/// The pod has its own /32 and /128 and nothing else. Its default routes lead to gateways that exist nowhere: `onlink`
/// makes the kernel take them, permanent neighbour entries on both sides answer for them. Neither end of the pair has
/// a link-local address, and the node needs no address at all to pass packets on; only `forwarding` of each family.
/// Strict reverse path filtering is content, since the route back to a pod leads over the same link.
///
/// Two things the kernel does later, from a worker, are done at once here, or the first packets of a pod are lost on a
/// busy machine: the host's end is made to carry packets (`settleLink`), and the pod's IPv6 address is made one that
/// packets are taken in for (a route of kind local).
@Suite struct PodWiringTests {
    static let hostMAC = MACAddress(0xee, 0xee, 0xee, 0xee, 0xee, 0xee)

    /// A pod of a test: its namespace and its addresses.
    final class Pod {
        let namespace: FileDescriptor
        let addresses: [IPAddress]

        init(_ addresses: [IPAddress]) throws(SystemError) {
            namespace = try FreshNamespace.open()
            self.addresses = addresses
        }

        /// Runs a command inside.
        func shell(_ command: String) throws -> CommandResult {
            try NetworkNamespace.perform(in: namespace.rawValue) { KernelTests.shell(command) }
        }

        func ping(_ target: IPAddress) throws -> CommandResult {
            try shell("busybox ping -c 1 -W 2 \(target)")
        }
    }

    /// Two pods on one node, with the addresses that the families give them.
    static func wire(_ families: [AddressFamily], on node: KernelNetwork) throws -> [Pod] {
        // sysctl -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=1
        try Sysctl.write("net.ipv4.ip_forward", "1")
        try Sysctl.write("net.ipv6.conf.all.forwarding", "1")
        try Sysctl.write("net.ipv4.conf.all.rp_filter", "1")
        return try (1...2).map { number in
            let addresses = try families.map { family in
                try IPAddress(parsing: family == .ipv4 ? "10.1.2.\(number)" : "fd00:1:2::\(number)")
            }
            let pod = try Pod(addresses)
            let mac = MACAddress(2, 0, 0, 0, 0, UInt8(number))
            let pair = VethPair(
                hostName: "rom\(number)", hostMAC: hostMAC, alias: "pod \(number)", group: 7170, mtu: 1400,
                peerName: "eth0", peerMAC: mac, peerNamespace: pod.namespace.rawValue)
            let indexes = try node.createVethPair(pair)
            let inner = try KernelNetwork.opened(in: pod.namespace.rawValue)
            try inner.perform(try podOperations(indexes.peer, addresses))
            try node.perform(hostOperations(indexes.host, mac, addresses))
            return pod
        }
    }

    static func podOperations(_ index: UInt32, _ addresses: [IPAddress]) throws -> [NetworkOperation] {
        // ip link set lo up; ip link set eth0 addrgenmode none; ip link set eth0 up
        var operations: [NetworkOperation] = [
            .setLink(LinkChange(index: 1, isUp: true)),
            .setLink(LinkChange(index: index, isUp: true, addressGeneration: AddressGeneration.none)),
        ]
        for address in addresses {
            let isIPv4 = address.family == .ipv4
            let gateway = try IPAddress(parsing: isIPv4 ? "169.254.1.1" : "fe80::ecee:eeff:feee:eeee")
            operations += [
                // ip address add 10.1.2.1/32 dev eth0; ip address add fd00:1:2::1/128 dev eth0 nodad
                .addAddress(
                    InterfaceAddress(
                        interface: index, address: address, prefixLength: address.family.bits, noDAD: !isIPv4)),
                // ip neighbour replace 169.254.1.1 lladdr ee:ee:ee:ee:ee:ee dev eth0 nud permanent
                .replaceNeighbour(Neighbour(interface: index, address: gateway, mac: hostMAC)),
                // ip route replace default via 169.254.1.1 dev eth0 onlink
                .replaceRoute(
                    Route(
                        destination: try IPPrefix(parsing: isIPv4 ? "0.0.0.0/0" : "::/0"), gateway: gateway,
                        interface: index, onlink: true)),
            ]
            if !isIPv4 {
                // ip route replace local fd00:1:2::1/128 dev eth0 table local
                operations.append(
                    .replaceRoute(
                        Route(destination: address.hostPrefix, interface: index, table: 255, kind: .local)))
            }
        }
        return operations
    }

    static func hostOperations(_ index: UInt32, _ mac: MACAddress, _ addresses: [IPAddress]) -> [NetworkOperation] {
        // ip link show dev rom1
        [.settleLink(index: index)]
            + addresses.flatMap { address -> [NetworkOperation] in
                [
                    // ip neighbour replace 10.1.2.1 lladdr 02:00:00:00:00:01 dev rom1 nud permanent
                    .replaceNeighbour(Neighbour(interface: index, address: address, mac: mac)),
                    // ip route replace 10.1.2.1/32 dev rom1 proto 71
                    .replaceRoute(Route(destination: address.hostPrefix, interface: index, routeProtocol: 71)),
                ]
            }
    }

    @Test(arguments: [[AddressFamily.ipv4], [.ipv6], [.ipv4, .ipv6]])
    func podsPingEachOtherThroughANodeWithoutAddresses(families: [AddressFamily]) throws {
        try FreshNamespace.run {
            let node = try KernelNetwork()
            let pods = try Self.wire(families, on: node)
            #expect(try node.addresses(interface: nil).isEmpty)
            for pod in pods {
                for target in pods.flatMap(\.addresses) {
                    let ping = try pod.ping(target)
                    #expect(ping.status == 0, "\(target): \(ping.output)")
                }
            }
        }
    }

    @Test func nobodyAsksForAnybody() throws {
        try FreshNamespace.run {
            let node = try KernelNetwork()
            let pods = try Self.wire([.ipv4, .ipv6], on: node)
            for target in pods[1].addresses { #expect(try pods[0].ping(target).status == 0) }
            let kernels = [node] + (try pods.map { try KernelNetwork.opened(in: $0.namespace.rawValue) })
            for kernel in kernels {
                let neighbours = try kernel.neighbours(interface: nil)
                #expect(neighbours.count == (kernel === node ? 4 : 2))
                #expect(neighbours.allSatisfy { $0.isPermanent })
                #expect(try kernel.addresses(interface: nil).allSatisfy { !"\($0.address)".hasPrefix("fe80") })
            }
        }
    }

    @Test func podsAndTheirNodeReachEachOther() throws {
        try FreshNamespace.run {
            let node = try KernelNetwork()
            let pods = try Self.wire([.ipv4, .ipv6], on: node)
            let own = [try IPAddress(parsing: "192.0.2.1"), try IPAddress(parsing: "2001:db8::1")]
            try node.perform(.setLink(LinkChange(index: 1, isUp: true)))
            try node.perform(
                own.flatMap { address -> [NetworkOperation] in
                    [
                        .addAddress(
                            InterfaceAddress(
                                interface: 1, address: address, prefixLength: address.family.bits,
                                noDAD: address.family == .ipv6)),
                        .replaceRoute(
                            Route(destination: address.hostPrefix, interface: 1, table: 255, kind: .local)),
                    ]
                })
            for target in own {
                let ping = try pods[0].ping(target)
                #expect(ping.status == 0, "\(target): \(ping.output)")
            }
            for target in pods[0].addresses {
                let ping = shell("busybox ping -c 1 -W 2 \(target)")
                #expect(ping.status == 0, "\(target): \(ping.output)")
            }
        }
    }

    @Test func neighboursOutliveALossOfCarrier() throws {
        try FreshNamespace.run {
            let node = try KernelNetwork()
            let pods = try Self.wire([.ipv4, .ipv6], on: node)
            #expect(try pods[0].shell("ip link set eth0 down").status == 0)
            let index = try #require(try node.link(named: "rom1")).index
            #expect(try node.neighbours(interface: index).count == 2)
            let held = try AddressFamily.allCases.flatMap { family in
                try node.routes(table: 254, routeProtocol: 71, family: family).filter { $0.interface == index }
            }
            #expect(held.count == 2)
        }
    }
}
