import Addresses
import CNIProtocol
import LinuxSystem
import Netlink
import TestSupport
import Testing
import Topology

@testable import Agent

@Suite struct RecoveryTests {
    @Test func restartFindsItsPodsAndTouchesNone() throws {
        let bed = try DataplaneBed()
        let before = [try bed.call(.add, "c1"), try bed.call(.add, "c2")]
        bed.network.forgetOperations()
        try bed.restart()
        #expect(bed.network.operations.isEmpty)
        #expect(bed.used == 2)
        #expect([try bed.call(.add, "c1"), try bed.call(.add, "c2")] == before)
        #expect(try bed.call(.add, "c3")?.addresses == ["10.1.0.2/32"])
    }

    @Test func addressesInUseSurviveUntilTheirBlockIsKnownAgain() throws {
        let bed = try DataplaneBed()
        _ = try bed.call(.add, "c1")
        try bed.restart(blocks: [])
        #expect(bed.used == 1)
        bed.learn(networks: ["10.1.0.0/16"], blocks: ["10.1.0.0/29"])
        #expect(try bed.call(.add, "c2")?.addresses == ["10.1.0.1/32"])
    }

    @Test func addressesAtRestGoOnRestingAfterARestart() throws {
        let bed = try DataplaneBed(cooldown: 30_000_000_000)
        let first = try #require(try bed.call(.add, "c1")).addresses
        _ = try bed.call(.del, "c1")
        bed.now += 10_000_000_000
        try bed.restart()
        #expect(try bed.call(.add, "c2")?.addresses != first)
        bed.now += 21_000_000_000
        #expect(try bed.call(.add, "c3")?.addresses == first)
    }

    @Test func halfDoneAddIsUndone() throws {
        let bed = try DataplaneBed()
        let attachment = Attachment.example(id: "half", addresses: ["10.1.0.0"])
        try bed.dataplane.journal.append([JournalEntry(.intent, attachment)])
        let pair = PodWiring(attachment: attachment).pair(podNamespace: try bed.pod("half").descriptor.rawValue)
        _ = try bed.host.createVethPair(pair)
        try bed.restart()
        try bed.reap()
        #expect(try bed.links.isEmpty)
        #expect(bed.used == 0)
        #expect(bed.dataplane.attachments.isEmpty)
    }

    @Test func halfDoneDeleteIsFinished() throws {
        let bed = try DataplaneBed()
        _ = try bed.call(.add, "c1")
        let attachment = try #require(bed.dataplane.attachments.values.first)
        try bed.dataplane.journal.append([JournalEntry(.leaving, attachment)])
        try bed.restart()
        #expect(bed.used == 0)
        #expect(bed.dataplane.attachments.isEmpty)
        #expect(try bed.host.links(matching: .group(Ownership.reapGroup)).count == 1)
    }

    @Test func podOfALostJournalIsAdoptedFromItsLink() throws {
        let network = FakeNetwork()
        let first = try DataplaneBed(network: network)
        let before = try #require(try first.call(.add, "c1"))
        let second = try DataplaneBed(blocks: [], network: network)
        #expect(second.dataplane.attachments.keys.map(\.containerID) == ["c1"])
        second.learn(networks: ["10.1.0.0/16"], blocks: ["10.1.0.0/29"])
        #expect(try second.call(.add, "c2")?.addresses != before.addresses)
        #expect(try second.call(.del, "c1", withoutNamespace: true) == .empty)
        #expect(second.used == 1)
    }

    @Test func nothingIsSweptBeforeEverySourceHasSpoken() throws {
        let bed = try DataplaneBed()
        let stray = Attachment.example(id: "stray", addresses: ["10.1.0.7"])
        let pair = PodWiring(attachment: stray).pair(podNamespace: try bed.pod("stray").descriptor.rawValue)
        let indexes = try bed.host.createVethPair(pair)
        try bed.host.perform(.setLink(LinkChange(index: indexes.host, alias: LinkAlias(stray).text)))
        try bed.host.perform(.replaceRoute(Route(destination: stale, table: 10, routeProtocol: 71, kind: .unreachable)))
        try bed.restart()
        #expect(bed.dataplane.programRoutes() == false)
        #expect(try bed.links.count == 1)
        #expect(try bed.routes.contains("10.9.0.0/24"))
        bed.dataplane.take(.inSync, now: bed.now)
        _ = bed.dataplane.programRoutes()
        try bed.reap()
        #expect(try bed.links.isEmpty)
        #expect(try bed.routes.contains("10.9.0.0/24") == false)
    }

    @Test func foreignLinksAndRoutesAreLeftAlone() throws {
        let bed = try DataplaneBed()
        try bed.addForeignPair("romulus", "x0", into: "somebody")
        try bed.host.perform(.replaceRoute(Route(destination: stale, table: 10, routeProtocol: 4, kind: .unreachable)))
        bed.dataplane.take(.inSync, now: bed.now)
        _ = bed.dataplane.programRoutes()
        #expect(try bed.host.link(named: "romulus") != nil)
        #expect(try bed.host.routes(table: 10, routeProtocol: 4, family: .ipv4).count == 1)
    }

    @Test func attachmentWhoseLinkVanishedIsSweptOnceInSync() throws {
        let bed = try DataplaneBed()
        _ = try bed.call(.add, "c1")
        try bed.removeNamespace("c1")
        bed.dataplane.take(.inSync, now: bed.now)
        #expect(bed.used == 0)
    }

    @Test func flushedPodRouteComesBackWithTheNextAudit() throws {
        let bed = try DataplaneBed()
        _ = try bed.call(.add, "c1")
        let route = try #require(
            try bed.host.routes(table: 10, routeProtocol: 71, family: .ipv4).first { $0.destination.length == 32 })
        try bed.host.perform(.deleteRoute(route))
        bed.dataplane.take(.kernelChanged, now: bed.now)
        _ = bed.dataplane.programRoutes()
        #expect(try bed.routes.contains("10.1.0.0/32"))
    }

    private var stale: IPPrefix {
        get throws { try #require(IPPrefix("10.9.0.0/24")) }
    }
}
