import Addresses
import LinuxSystem
import Netlink
import TestSupport
import Testing

/// What the fake can do beside answering as the kernel does, which `KernelTests/AgreementTests` shows.
@Suite struct FakeNetworkTests {
    static func pair(in namespace: Int32) -> VethPair {
        VethPair(
            hostName: "rom0", hostMAC: MACAddress(0xee, 0xee, 0xee, 0xee, 0xee, 0xee), alias: "pod", group: 7170,
            peerName: "eth0", peerMAC: MACAddress(2, 0, 0, 0, 0, 1), peerNamespace: namespace)
    }

    @Test func failsOnceWhenTold() throws {
        let network = FakeNetwork()
        let pod = try network.openNamespace()
        network.fail(.addVeth, with: .ENOMEM)
        let error = #expect(throws: NetlinkError.self) { try network.host.createVeth(Self.pair(in: pod.rawValue)) }
        #expect(error?.errno == .ENOMEM)
        #expect(try network.host.createVeth(Self.pair(in: pod.rawValue)) == 2)
    }

    @Test func failsInTheMiddleOfABatch() throws {
        let network = FakeNetwork()
        let up = NetworkOperation.setLink(LinkChange(index: 1, isUp: true))
        network.fail(.deleteLink, with: .EBUSY, times: 2)
        let outcome = try network.host.apply([up, .deleteLink(index: 5), .deleteLinkGroup(5), .deleteLink(index: 5)])
        #expect(outcome.map { $0?.errno } == [nil, .EBUSY, .EBUSY, .ENODEV])
    }

    @Test func failsAsAWhole() throws {
        let network = FakeNetwork()
        network.fail(.socket)
        #expect(throws: NetlinkError.self) {
            try network.host.apply([.setLink(LinkChange(index: 1, isUp: true))])
        }
        #expect(try network.host.link(index: 1)?.isUp == false)
        network.fail(.read, with: .EAGAIN)
        #expect(throws: NetlinkError.self) { try network.host.links() }
    }

    @Test func remembersWhatWasAsked() throws {
        let network = FakeNetwork()
        let pod = try network.openNamespace()
        let pair = Self.pair(in: pod.rawValue)
        _ = try network.host.createVeth(pair)
        _ = try network.kernel(in: pod.rawValue).apply([.deleteLink(index: 77)])
        #expect(network.operations == [.addVeth(pair), .deleteLink(index: 77)])
        network.forgetOperations()
        #expect(network.operations.isEmpty)
    }

    @Test func duplicatesOfADescriptorLeadToOneNamespace() throws {
        let network = FakeNetwork()
        let pod = try network.openNamespace()
        let copy = try pod.duplicate()
        _ = try network.host.createVeth(Self.pair(in: pod.rawValue))
        #expect(try network.kernel(in: copy.rawValue).link(named: "eth0") != nil)
        #expect(throws: NetlinkError.self) { try network.kernel(in: -1) }
        let null = try FileDescriptor.open("/dev/null")
        #expect(throws: NetlinkError.self) { try network.kernel(in: null.rawValue) }
    }

    @Test func namespacesTakeTheirLinksAlong() throws {
        let network = FakeNetwork()
        let pod = try network.openNamespace()
        _ = try network.host.createVeth(Self.pair(in: pod.rawValue))
        network.removeNamespace(pod.rawValue)
        #expect(try network.host.links().map(\.name) == ["lo"])
    }

    @Test func printsItself() throws {
        let network = FakeNetwork()
        let pod = try network.openNamespace()
        let host = network.host
        let index = try host.createVeth(Self.pair(in: pod.rawValue))
        let address = try IPAddress(parsing: "10.1.2.3")
        try host.perform([
            .replaceNeighbour(Neighbour(interface: index, address: address, mac: MACAddress(2, 0, 0, 0, 0, 1))),
            .replaceRoute(Route(destination: address.hostPrefix, interface: index, table: 10, routeProtocol: 71)),
            .addRule(RoutingRule(family: .ipv4, table: 10, priority: 32700, routeProtocol: 71)),
        ])
        #expect(
            host.description
                == """
                link if1 lo down mtu 65536
                link if2 rom0 up mtu 1500 group 7170 alias "pod"
                route 10.1.2.3/32 dev if2 table 10 proto 71
                neighbour 10.1.2.3 lladdr 02:00:00:00:00:01 dev if2 nud permanent
                rule ipv4 priority 32700 lookup 10 protocol 71
                """)
    }
}
