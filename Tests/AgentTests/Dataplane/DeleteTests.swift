import CNIProtocol
import Netlink
import TestSupport
import Testing

@testable import Agent

@Suite struct DeleteTests {
    @Test func deleteTakesThePodOffTheNetworkAtOnce() throws {
        let bed = try DataplaneBed()
        _ = try bed.call(.add, "c1")
        #expect(try bed.call(.del, "c1") == .empty)
        #expect(try bed.routes.contains("10.1.0.0/32") == false)
        #expect(bed.used == 0)
        let link = try #require(try bed.host.links(matching: .group(Ownership.reapGroup)).first)
        #expect(!link.isUp)
        try bed.reap()
        #expect(try bed.links.isEmpty)
    }

    @Test func deleteSucceedsForWhatIsGone() throws {
        let bed = try DataplaneBed()
        #expect(try bed.call(.del, "never") == .empty)
        _ = try bed.call(.add, "c1")
        try bed.removeNamespace("c1")
        #expect(try bed.call(.del, "c1", withoutNamespace: true) == .empty)
        #expect(try bed.call(.del, "c1", withoutNamespace: true) == .empty)
        #expect(bed.used == 0)
        #expect(try bed.links.isEmpty)
    }

    @Test func deleteSucceedsWhenTheKernelRefuses() throws {
        let bed = try DataplaneBed()
        _ = try bed.call(.add, "c1")
        bed.network.fail(.socket)
        #expect(try bed.call(.del, "c1") == .empty)
        #expect(bed.used == 0)
    }

    @Test func addressRestsForTheCooldown() throws {
        let bed = try DataplaneBed(cooldown: 30_000_000_000)
        let first = try #require(try bed.call(.add, "c1")).addresses
        _ = try bed.call(.del, "c1")
        let second = try #require(try bed.call(.add, "c2")).addresses
        #expect(first != second)
        bed.now += 31_000_000_000
        #expect(try bed.call(.add, "c3")?.addresses == first)
    }

    @Test func garbageIsCollectedOfItsOwnNetworkOnly() throws {
        let bed = try DataplaneBed()
        for container in ["keep", "drop"] { _ = try bed.call(.add, container) }
        let foreign = Attachment.example(id: "foreign", network: "other", addresses: [])
        bed.dataplane.attachments[foreign.key] = foreign
        let config = #","cni.dev/valid-attachments":[{"containerID":"keep","ifname":"eth0"}]"#
        #expect(try bed.call(.gc, "", config: config, version: "1.1.0") == .empty)
        #expect(Set(bed.dataplane.attachments.keys.map(\.containerID)) == ["keep", "foreign"])
    }
}
