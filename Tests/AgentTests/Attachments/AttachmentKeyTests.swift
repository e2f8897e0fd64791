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

    @Test func manyContainersGetManyNames() {
        let names = Set((0..<20_000).map { AttachmentKey(containerID: "pod-\($0)", interface: "eth0").vethName })
        #expect(names.count == 20_000)
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
