import Addresses
import CNIProtocol
import LinuxSystem
import Netlink
import TestSupport
import Testing

@testable import Agent

@Suite struct AddTests {
    @Test func podGetsAnAddressALinkAndARoute() throws {
        let bed = try DataplaneBed()
        let answer = try #require(try bed.call(.add, "c1"))
        #expect(answer.status == 0)
        #expect(answer.addresses == ["10.1.0.0/32"])
        #expect(try bed.links == [AttachmentKey(containerID: "c1", interface: "eth0").vethName])
        #expect(try bed.routes.contains("10.1.0.0/32"))
        let pod = try bed.network.kernel(in: bed.pod("c1").descriptor.rawValue)
        let inner = try #require(try pod.link(named: "eth0"))
        #expect(inner.isUp)
        #expect(try pod.addresses(interface: inner.index).map(\.address.description) == ["10.1.0.0"])
    }

    @Test func dualStackPodGetsOneAddressOfEachFamily() throws {
        let bed = try DataplaneBed(networks: ["10.1.0.0/16", "fd00::/64"], blocks: ["10.1.0.0/29", "fd00::/122"])
        let answer = try #require(try bed.call(.add, "c1"))
        #expect(answer.addresses == ["10.1.0.0/32", "fd00::/128"])
        #expect(try bed.routes.count >= 2)
    }

    @Test func repeatedAddAnswersTheSame() throws {
        let bed = try DataplaneBed()
        let first = try bed.call(.add, "c1")
        let links = try bed.links
        #expect(try bed.call(.add, "c1") == first)
        #expect(try bed.links == links)
        #expect(bed.used == 1)
    }

    @Test func addIntoAnotherNamespaceUnderTheSameIdIsMadeAnew() throws {
        let bed = try DataplaneBed()
        _ = try bed.call(.add, "c1")
        try bed.removeNamespace("c1")
        let again = try #require(try bed.call(.add, "c1"))
        #expect(again.status == 0)
        #expect(try bed.links.count == 1)
        #expect(bed.used == 1)
    }

    @Test func twoInterfacesOfOneContainerAreTwoAttachments() throws {
        let bed = try DataplaneBed()
        let first = try #require(try bed.call(.add, "c1"))
        let second = try #require(try bed.call(.add, "c1", interface: "net1"))
        #expect(first.addresses != second.addresses)
        #expect(try bed.links.count == 2)
    }

    @Test func takenInterfaceNameIsRefusedAndLeavesNothing() throws {
        let bed = try DataplaneBed()
        let pod = try bed.network.kernel(in: bed.pod("c1").descriptor.rawValue)
        try bed.addForeignPair("foreign0", "eth0", into: "c1")
        let answer = try #require(try bed.call(.add, "c1"))
        #expect(answer.code == Int(CNIError.Code.interfaceExists.rawValue))
        #expect(try bed.links.isEmpty)
        #expect(bed.used == 0)
        #expect(try pod.link(named: "eth0") != nil)
    }

    @Test func nameThatWaitsForTheReaperDoesNotStandInTheWay() throws {
        let bed = try DataplaneBed()
        _ = try bed.call(.add, "c1")
        _ = try bed.call(.del, "c1")
        #expect(try bed.call(.add, "c1")?.status == 0)
        #expect(try bed.links.count == 1)
    }

    @Test(arguments: [
        FakeOperationKind.addVeth, .setLink, .addAddress, .replaceRoute, .replaceNeighbour, .socket,
    ])
    func kernelRefusalUndoesEverything(kind: FakeOperationKind) throws {
        let bed = try DataplaneBed(networks: ["10.1.0.0/16", "fd00::/64"], blocks: ["10.1.0.0/29", "fd00::/122"])
        bed.network.fail(kind, with: .ENOBUFS)
        let answer = try #require(try bed.call(.add, "c1"))
        #expect(answer.status == 1)
        #expect(answer.json?["msg"]?.stringValue?.contains("ENOBUFS") == true)
        try bed.reap()
        #expect(try bed.links.isEmpty)
        #expect(bed.used == 0)
        #expect(bed.dataplane.attachments.isEmpty)
        #expect(try bed.call(.add, "c1")?.status == 0)
    }

    @Test func addWaitsForABlockAndThenAsksToTryAgain() throws {
        let bed = try DataplaneBed(blocks: [])
        #expect(try bed.call(.add, "c1") == nil)
        #expect(bed.dataplane.waiting.count == 1)
        #expect(bed.dataplane.serveWaiting(now: bed.now + 1_000_000_000).isEmpty)
        let served = bed.dataplane.serveWaiting(now: bed.now + 2_000_000_000)
        #expect(served.map(\.answer.code) == [11])
        #expect(bed.dataplane.waiting.isEmpty)
    }

    @Test func waitingAddIsServedWhenABlockComes() throws {
        let bed = try DataplaneBed(blocks: [])
        #expect(try bed.call(.add, "c1") == nil)
        bed.learn(networks: ["10.1.0.0/16"], blocks: ["10.1.0.8/29"])
        let served = bed.dataplane.serveWaiting(now: bed.now + 1)
        #expect(served.map(\.answer.addresses) == [["10.1.0.8/32"]])
    }

    @Test func resultIsPrintedInTheVersionAskedFor() throws {
        let bed = try DataplaneBed()
        let old = try #require(try bed.call(.add, "c1", version: "0.3.1")?.json)
        #expect(old["cniVersion"]?.stringValue == "0.3.1")
        #expect(old["ips"]?.arrayValue?.first?["version"]?.stringValue == "4")
        let new = try #require(try bed.call(.add, "c1", version: "1.1.0")?.json)
        #expect(new["ips"]?.arrayValue?.first?["version"] == nil)
        #expect(new["interfaces"]?.arrayValue?.count == 2)
    }
}
