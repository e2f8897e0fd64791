import Addresses
import Testing

@testable import Policies

@Suite struct GroupMembersTests {
    private let ports = [PodRecord.NamedPort("http", .tcp, 80)]

    @Test(arguments: ["10.0.0.1", "fd00::1"])
    func aMemberKeepsThePortsThatItNamesUntilItGoes(_ text: String) throws {
        let address = try #require(IPAddress(text))
        var members = GroupMembers()
        #expect(members[address] == nil)
        for ports in [[], ports, []] {
            members[address] = ports
            #expect(members[address] == ports)
            #expect(Array(members).map(\.address) == [address])
        }
        members[address] = nil
        #expect(members[address] == nil)
        #expect(Array(members).isEmpty)
    }

    @Test func everyMemberIsGivenOnceWithItsPorts() throws {
        var members = GroupMembers()
        var expected: [IPAddress: [PodRecord.NamedPort]] = [:]
        for (text, ports) in [("10.0.0.1", []), ("10.0.0.2", ports), ("fd00::1", []), ("fd00::2", ports)] {
            let address = try #require(IPAddress(text))
            members[address] = ports
            expected[address] = ports
        }
        #expect(Array(members).count == 4)
        #expect(Dictionary(Array(members).map { ($0.address, $0.ports) }, uniquingKeysWith: { $1 }) == expected)
    }
}
