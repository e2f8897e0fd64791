import Addresses
import Testing

@testable import Agent

@Suite struct AttachmentKeyTests {
    @Test func vethNameIsFifteenCharactersAndStableOverReleases() {
        let key = AttachmentKey(containerID: "c1", interface: "eth0")
        #expect(key.vethName.utf8.count == 15)
        #expect(key.vethName == AttachmentKey(containerID: "c1", interface: "eth0").vethName)
        // A name that changed with a release would orphan the links of running pods.
        #expect(AttachmentKey(containerID: "", interface: "").vethName == "roma24c8601269d")
    }

    @Test func ifbNameIsOursAndNobodyElses() {
        let key = AttachmentKey(containerID: "", interface: "")
        #expect(key.ifbName == "romi24c8601269d")
        #expect(AttachmentKey(containerID: "c1", interface: "eth0").ifbName.utf8.count == 15)
        #expect(key.ifbName.hasPrefix(Ownership.linkPrefix))
    }

    @Test func manyContainersGetManyNames() {
        let keys = (0..<20_000).map { AttachmentKey(containerID: "pod-\($0)", interface: "eth0") }
        // No digit is an i, so that the two kinds of names have nothing in common.
        #expect(Set(keys.map(\.vethName) + keys.map(\.ifbName)).count == 40_000)
    }

    @Test func interfacesOfOneContainerDiffer() {
        let names = ["eth0", "eth1", "net1"].map { AttachmentKey(containerID: "c", interface: $0).vethName }
        #expect(Set(names).count == 3)
    }

    @Test func podMACIsUnicastAndLocallyAdministered() {
        for number in 0..<1_000 {
            let mac = AttachmentKey(containerID: "pod-\(number)", interface: "eth0").podMAC
            #expect(!mac.isMulticast)
            #expect(mac.isLocallyAdministered)
            #expect(mac != Ownership.hostMAC)
        }
    }
}
