import Addresses
import LinuxSystem
import Netlink
import TestSupport
import Testing

/// The recipe by which a pod gets its network, and pings that prove it.
@Suite struct PodWiringTests {
    static let hostMAC = MACAddress(0xee, 0xee, 0xee, 0xee, 0xee, 0xee)

    struct Pod {
        let name: String
        let mac: MACAddress
        let addresses: [IPAddress]
    }

    static func address(_ text: String) throws -> IPAddress { try IPAddress(parsing: text) }

    @Test func twoPodsPingEachOtherInBothFamilies() throws {
        try FreshNamespace.run {
            let node = try KernelNetwork()
            try Sysctl.write("net.ipv4.ip_forward", "1")
            try Sysctl.write("net.ipv6.conf.all.forwarding", "1")
            let first = try FreshNamespace.open()
            let second = try FreshNamespace.open()
            for (number, namespace) in [first.rawValue, second.rawValue].enumerated() {
                let mac = MACAddress(2, 0, 0, 0, 0, UInt8(number + 1))
                let addresses = [
                    try Self.address("10.1.2.\(number + 1)"), try Self.address("fd00:1:2::\(number + 1)"),
                ]
                let pair = VethPair(
                    hostName: "rom\(number)", hostMAC: Self.hostMAC, alias: "pod \(number)", group: 7170, mtu: 1400,
                    peerName: "eth0", peerMAC: mac, peerNamespace: namespace)
                let indexes = try node.createVethPair(pair)
                let pod = try KernelNetwork.opened(in: namespace)
                try pod.perform(Self.podOperations(indexes.peer, addresses))
                try node.perform(Self.hostOperations(indexes.host, mac, addresses))
            }
            for namespace in [first.rawValue, second.rawValue] {
                try NetworkNamespace.perform(in: namespace) { () throws(SystemError) in
                    for target in ["10.1.2.1", "10.1.2.2", "fd00:1:2::1", "fd00:1:2::2"] {
                        let family = target.contains(":") ? "-6" : "-4"
                        let ping = shell("busybox ping \(family) -c 1 -W 2 \(target)")
                        #expect(ping.status == 0, "\(target): \(ping.output)")
                    }
                }
            }
        }
    }

    static func podOperations(_ index: UInt32, _ addresses: [IPAddress]) throws -> [NetworkOperation] {
        var operations: [NetworkOperation] = [
            .setLink(LinkChange(index: 1, isUp: true)),
            .setLink(LinkChange(index: index, isUp: true, addressGeneration: AddressGeneration.none)),
        ]
        for address in addresses {
            let gateway = try Self.address(address.family == .ipv4 ? "169.254.1.1" : "fe80::ecee:eeff:feee:eeee")
            let everything = try IPPrefix(parsing: address.family == .ipv4 ? "0.0.0.0/0" : "::/0")
            operations += [
                .addAddress(
                    InterfaceAddress(
                        interface: index, address: address, prefixLength: address.family.bits, noDAD: true)),
                .replaceNeighbour(Neighbour(interface: index, address: gateway, mac: hostMAC)),
                .replaceRoute(Route(destination: everything, gateway: gateway, interface: index, onlink: true)),
            ]
        }
        return operations
    }

    static func hostOperations(_ index: UInt32, _ mac: MACAddress, _ addresses: [IPAddress]) -> [NetworkOperation] {
        addresses.flatMap { address -> [NetworkOperation] in
            [
                .replaceNeighbour(Neighbour(interface: index, address: address, mac: mac)),
                .replaceRoute(Route(destination: address.hostPrefix, interface: index, routeProtocol: 71)),
            ]
        }
    }
}
