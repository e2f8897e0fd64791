import CNIProtocol
import LinuxSystem
import Netlink
import TestSupport
import Testing

@testable import Agent

@Suite struct CheckTests {
    @Test func freshAttachmentPasses() throws {
        let bed = try DataplaneBed(networks: ["10.1.0.0/16", "fd00::/64"], blocks: ["10.1.0.0/29", "fd00::/122"])
        #expect(try check(bed, try bed.call(.add, "c1")) == nil)
    }

    @Test func checkNamesWhatIsMissing() throws {
        let bed = try DataplaneBed()
        let result = try bed.call(.add, "c1")
        let pod = try bed.network.kernel(in: bed.pod("c1").descriptor.rawValue)
        let inner = try #require(try pod.link(named: "eth0"))
        let address = try #require(try pod.addresses(interface: inner.index).first)
        try pod.perform(.deleteAddress(address))
        let message = try #require(try check(bed, result))
        #expect(message.contains("10.1.0.0"))
        #expect(message.contains("eth0"))
    }

    @Test func linkThatVanishedIsFound() throws {
        let bed = try DataplaneBed()
        let result = try bed.call(.add, "c1")
        try bed.host.perform(.deleteLinkNamed(AttachmentKey(containerID: "c1", interface: "eth0").vethName))
        #expect(try check(bed, result)?.contains("missing on the node") == true)
    }

    @Test func containerThatWasNeverAddedIsUnknown() throws {
        let bed = try DataplaneBed()
        #expect(try bed.call(.check, "c9", config: ",\"prevResult\":{}")?.code == 3)
    }

    @Test func statusSaysWhyAnAddCannotBeServed() throws {
        let empty = try DataplaneBed(networks: [], blocks: [])
        #expect(try empty.call(.status, "", version: "1.1.0")?.code == 50)
        let bed = try DataplaneBed()
        #expect(try bed.call(.status, "", version: "1.1.0") == .empty)
    }

    /// The message of a failed CHECK, nil when it passed.
    private func check(_ bed: DataplaneBed, _ result: CNIAnswer?) throws -> String? {
        let previous = String(decoding: try #require(result).output, as: UTF8.self)
        return try #require(try bed.call(.check, "c1", config: ",\"prevResult\":\(previous)")).json?["msg"]?.stringValue
    }
}
