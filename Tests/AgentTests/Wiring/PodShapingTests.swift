import Addresses
import CNIProtocol
import LinuxSystem
import Netlink
import TestSupport
import Testing

@testable import Agent

@Suite struct PodShapingTests {
    /// An attachment with the numbers that its links have in the kernel.
    static func attachment(_ bandwidth: BandwidthLimits?) -> Agent.Attachment {
        var attachment = Attachment.example(id: "c1")
        attachment.bandwidth = bandwidth
        attachment.ifbIndex = bandwidth?.egress == nil ? 0 : 8
        return attachment
    }

    static let both = BandwidthLimits(
        ingress: BandwidthLimits.Limit(rate: 8_000_000, burst: 800_000),
        egress: BandwidthLimits.Limit(rate: 16_000_000, burst: 1_600_000))

    @Test func bothDirectionsTakeFiveOperations() {
        let shaping = PodShaping(attachment: Self.attachment(Self.both))
        #expect(
            shaping.ifb.map { "\($0)" }
                == "\(AttachmentKey(containerID: "c1", interface: "eth0").ifbName) mtu 1500 group 7170 type ifb")
        #expect(
            shaping.hostOperations().map(\.description) == [
                "set link if8 addrgenmode none up alias \"romana c1 eth0 cluster default/web\"",
                "add qdisc dev if7 root handle 1: tbf rate 1000000bps burst 100000b limit 125000b",
                "add qdisc dev if8 root handle 1: tbf rate 2000000bps burst 200000b limit 250000b",
                "add qdisc dev if7 ingress",
                "add filter dev if7 parent ffff: protocol all prio 1 u32 match u32 0 0 "
                    + "action mirred egress redirect dev if8",
            ])
        #expect(PodShaping.retirement(of: shaping.attachment).map(\.description) == ["set link if8 down group 7171"])
    }

    @Test func oneDirectionTakesOnlyItsOwn() {
        let ingress = PodShaping(attachment: Self.attachment(BandwidthLimits(ingress: Self.both.ingress)))
        #expect(ingress.ifb == nil)
        #expect(ingress.hostOperations().count == 1)
        #expect(PodShaping.retirement(of: ingress.attachment) == [])
        let egress = PodShaping(attachment: Self.attachment(BandwidthLimits(egress: Self.both.egress)))
        #expect(egress.hostOperations().count == 4)
        let none = PodShaping(attachment: Self.attachment(nil))
        #expect(none.hostOperations() == [] && none.queues == [] && none.ifb == nil)
    }

    @Test(arguments: [
        // A burst of less than a packet is a packet.
        (rate: 8, burst: 8, bucket: TokenBucket(rate: 1, burst: 1514, limit: 1514)),
        // What containerd asks for: the queue does not grow to half a gigabyte.
        (
            rate: 10_000_000, burst: 4_294_967_295,
            bucket: TokenBucket(rate: 1_250_000, burst: 536_870_911, limit: 31_250 + 1_048_576)
        ),
        // What CRI-O asks for, at 100 Gbit/s.
        (
            rate: 100_000_000_000, burst: 34_359_738_359,
            bucket: TokenBucket(rate: 12_500_000_000, burst: .max - 1, limit: 312_500_000 + 1_048_576)
        ),
    ])
    func bucketsHoldAtLeastAPacketAndWaitWithin25Milliseconds(rate: UInt64, burst: UInt64, bucket: TokenBucket) {
        let limits = BandwidthLimits(ingress: BandwidthLimits.Limit(rate: rate, burst: burst))
        let queues = PodShaping(attachment: Self.attachment(limits)).queues
        #expect(queues == [QueueDiscipline(interface: 7, kind: .tokenBucket(bucket))])
    }

    @Test func aNodeTakesThemAndLosesThemWithItsLinks() throws {
        let network = FakeNetwork()
        let namespace = try network.openNamespace()
        var attachment = Self.attachment(Self.both)
        let pair = PodWiring(attachment: attachment).pair(podNamespace: namespace.rawValue)
        attachment.hostIndex = try network.host.createVethPair(pair).host
        let ifb = try #require(PodShaping(attachment: attachment).ifb)
        attachment.ifbIndex = try PodShaping(attachment: attachment).createIFB(on: network.host)
        let shaping = PodShaping(attachment: attachment)
        #expect(try shaping.difference(on: network.host) == "link \(ifb.name) is down")
        try network.host.perform(shaping.hostOperations())
        #expect(try shaping.difference(on: network.host) == nil)
        // An agent without memory knows the link by its name, group and alias.
        let link = try #require(try network.host.link(named: attachment.key.ifbName))
        #expect(link.group == Ownership.podGroup)
        #expect(link.alias.flatMap { LinkAlias($0) }?.key == attachment.key)
        try network.host.perform(
            [PodWiring.retirement(index: attachment.hostIndex)] + PodShaping.retirement(of: attachment)
                + [.deleteLinkGroup(Ownership.reapGroup)])
        #expect(try network.host.links().map(\.name) == ["lo"])
        #expect(
            try shaping.difference(on: network.host)
                == "link \(ifb.name), which holds what the pod sends to its rate, is missing on the node")
    }

    @Test func whatIsHeldToAnotherRateIsTold() throws {
        let network = FakeNetwork()
        let namespace = try network.openNamespace()
        var attachment = Self.attachment(BandwidthLimits(ingress: Self.both.ingress))
        let pair = PodWiring(attachment: attachment).pair(podNamespace: namespace.rawValue)
        attachment.hostIndex = try network.host.createVethPair(pair).host
        let slower = BandwidthLimits(ingress: BandwidthLimits.Limit(rate: 8_000, burst: 800_000))
        var other = attachment
        other.bandwidth = slower
        try network.host.perform(PodShaping(attachment: other).hostOperations())
        #expect(
            try PodShaping(attachment: attachment).difference(on: network.host)
                == "qdisc dev if2 root handle 1: tbf rate 1000000bps burst 100000b limit 125000b is missing on the node"
        )
    }

    @Test func aNameThatOnlyWaitsForTheReaperIsMadeFree() throws {
        let network = FakeNetwork()
        let shaping = PodShaping(attachment: Self.attachment(Self.both))
        let first = try shaping.createIFB(on: network.host)
        try network.host.perform(.setLink(LinkChange(index: first, isUp: false, group: Ownership.reapGroup)))
        let second = try shaping.createIFB(on: network.host)
        // One that an agent left behind when it ended between the creation and the alias.
        let third = try shaping.createIFB(on: network.host)
        #expect(Set([first, second, third]).count == 3)
        // One that is somebody else's stays.
        try network.host.perform(.setLink(LinkChange(index: third, alias: "somebody's")))
        let error = #expect(throws: NetlinkError.self) { try shaping.createIFB(on: network.host) }
        #expect(error?.errno == .EEXIST)
        #expect(try network.host.link(index: third) != nil)
    }

    @Test func nothingIsCreatedWhereNothingIsHeld() throws {
        let network = FakeNetwork()
        let shaping = PodShaping(attachment: Self.attachment(BandwidthLimits(ingress: Self.both.ingress)))
        #expect(try shaping.createIFB(on: network.host) == 0)
        #expect(network.operations.isEmpty)
    }
}
