import Addresses
import LinuxSystem
import Netlink
import TestSupport
import Testing

@Suite struct LinkTests {
    static func pair(_ name: String = "rom0", peer: String = "eth0", in namespace: Int32) -> VethPair {
        VethPair(
            hostName: name, hostMAC: MACAddress(0xee, 0xee, 0xee, 0xee, 0xee, 0xee), alias: "romana a/b", group: 7170,
            mtu: 1400, peerName: peer, peerMAC: MACAddress(2, 0, 0, 0, 0, 1), peerNamespace: namespace)
    }

    @Test func pairIsBornAsAsked() throws {
        try FreshNamespace.run {
            let pod = try FreshNamespace.open()
            let kernel = try KernelNetwork()
            let indexes = try kernel.createVethPair(Self.pair(in: pod.rawValue))
            let link = try #require(try kernel.link(index: indexes.host))
            #expect(try kernel.link(named: "rom0") == link)
            #expect(
                link
                    == Link(
                        index: indexes.host, name: "rom0", kind: "veth",
                        mac: MACAddress(0xee, 0xee, 0xee, 0xee, 0xee, 0xee), mtu: 1400, isUp: true, group: 7170,
                        alias: "romana a/b", peerIndex: indexes.peer, addressGeneration: AddressGeneration.none))
            let peer = try #require(try KernelNetwork.opened(in: pod.rawValue).link(named: "eth0"))
            #expect(peer.index == indexes.peer)
            #expect(peer.mac == MACAddress(2, 0, 0, 0, 0, 1))
            #expect(peer.mtu == 1400)
            #expect(!peer.isUp)

            let shown = shell("ip -d -o link show rom0").output
            for words in [
                "rom0@if\(indexes.peer)", "mtu 1400", "group 7170", "link/ether ee:ee:ee:ee:ee:ee", "veth",
                "addrgenmode none", "numtxqueues 1 numrxqueues 1", "alias romana a/b",
            ] {
                #expect(shown.contains(words))
            }
            try NetworkNamespace.perform(in: pod.rawValue) { () throws(SystemError) in
                #expect(shell("ip -d -o link show eth0").output.contains("numtxqueues 1 numrxqueues 1"))
            }
        }
    }

    @Test func takenNamesAreRefusedAndLeaveNothing() throws {
        try FreshNamespace.run {
            let pod = try FreshNamespace.open()
            let kernel = try KernelNetwork()
            let first = try kernel.createVeth(Self.pair(in: pod.rawValue))
            for pair in [Self.pair(peer: "eth1", in: pod.rawValue), Self.pair("rom1", in: pod.rawValue)] {
                let error = #expect(throws: NetlinkError.self) { try kernel.createVeth(pair) }
                #expect(error?.errno == .EEXIST)
                #expect(error?.operation == "add veth \(pair)")
            }
            #expect(try kernel.links().map(\.name) == ["lo", "rom0"])
            #expect(try kernel.link(index: first)?.alias == "romana a/b")
            #expect(try KernelNetwork.opened(in: pod.rawValue).links().map(\.name) == ["lo", "eth0"])
        }
    }

    @Test func noLinkLocalAddressAppears() throws {
        try FreshNamespace.run {
            let pod = try FreshNamespace.open()
            let kernel = try KernelNetwork()
            let indexes = try kernel.createVethPair(Self.pair(in: pod.rawValue))
            let inner = try KernelNetwork.opened(in: pod.rawValue)
            try inner.perform(
                .setLink(LinkChange(index: indexes.peer, isUp: true, addressGeneration: AddressGeneration.none)))
            // Time enough for the kernel's own worker to see the carrier.
            _ = shell("sleep 0.3")
            #expect(try inner.addresses(interface: nil).isEmpty)
            #expect(try kernel.addresses(interface: nil).isEmpty)
            #expect(try kernel.link(index: indexes.host)?.hasCarrier == true)
        }
    }

    @Test func groupsGoTogetherAndTheirOtherEndsToo() throws {
        try FreshNamespace.run {
            let pods = [try FreshNamespace.open().release(), try FreshNamespace.open().release()]
            defer { for pod in pods { _ = FileDescriptor(owning: pod) } }
            let kernel = try KernelNetwork()
            var indexes: [UInt32] = []
            for (number, pod) in pods.enumerated() {
                indexes.append(try kernel.createVeth(Self.pair("rom\(number)", in: pod)))
            }
            let keeper = try FreshNamespace.open()
            _ = try kernel.createVethPair(Self.pair("keep", in: keeper.rawValue))
            try kernel.perform(indexes.map { .setLink(LinkChange(index: $0, isUp: false, group: 7171)) })
            #expect(try kernel.links(matching: .group(7171)).map(\.index) == indexes)
            try kernel.perform(.deleteLinkGroup(7171))
            #expect(try kernel.links(matching: .kind("veth")).map(\.name) == ["keep"])
            for pod in pods { #expect(try KernelNetwork.opened(in: pod).links().map(\.name) == ["lo"]) }
            #expect(try kernel.apply([.deleteLinkGroup(7171)]).map { $0?.errno } == [.ENODEV])
        }
    }

    @Test func changesAreSeen() throws {
        try FreshNamespace.run {
            let pod = try FreshNamespace.open()
            let kernel = try KernelNetwork()
            let index = try kernel.createVeth(Self.pair(in: pod.rawValue))
            try kernel.perform(.setLink(LinkChange(index: index, isUp: false)))
            try kernel.perform(
                .setLink(LinkChange(index: index, isUp: true, alias: "other", group: 3, mtu: 1300, name: "new0")))
            let link = try #require(try kernel.link(named: "new0"))
            #expect(link.isUp && link.alias == "other" && link.group == 3 && link.mtu == 1300)
            try kernel.perform(.setLink(LinkChange(index: index, alias: "")))
            #expect(try kernel.link(index: index)?.alias == nil)
            try kernel.perform(.deleteLinkNamed("new0"))
            #expect(try kernel.link(index: index) == nil)
            #expect(try kernel.link(named: "new0") == nil)
        }
    }

    @Test func refusalsSayWhy() throws {
        try FreshNamespace.run {
            let kernel = try KernelNetwork()
            let pair = Self.pair(in: -1)
            let error = #expect(throws: NetlinkError.self) { try kernel.createVeth(pair) }
            #expect(error?.errno == .EBADF)
            let refusals = try kernel.apply([
                .deleteLink(index: 99), .deleteLinkNamed("nothing"), .setLink(LinkChange(index: 99, isUp: true)),
                .settleLink(index: 99), .settleLink(index: 1), .deleteLink(index: 98),
            ])
            #expect(refusals.map { $0?.errno } == [.ENODEV, .ENODEV, .ENODEV, .ENODEV, nil, .ENODEV])
            #expect(refusals[1].map { "\($0)" } == "delete link nothing: no such device (ENODEV)")
        }
    }
}
