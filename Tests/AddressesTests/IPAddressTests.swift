import Addresses
import Testing

@Suite("addresses as values")
struct IPAddressTests {
    @Test("bytes are in network order and come back as the same address", arguments: ["10.1.2.3", "fd00::1:2"])
    func roundTripsBytes(text: String) throws {
        let address = try IPAddress(parsing: text)
        #expect(address.bytes.count == address.family.bits / 8)
        #expect(IPAddress(bytes: address.bytes) == address)
        #expect(IPAddress(family: address.family, value: address.value) == address)
    }

    @Test("bytes of other counts are no address", arguments: [0, 3, 5, 15, 17])
    func refusesOtherCounts(count: Int) {
        #expect(IPAddress(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test("numbers beyond the family are no address")
    func refusesLargeNumbers() throws {
        #expect(IPAddress(family: .ipv4, value: 1 << 32) == nil)
        #expect(IPAddress(family: .ipv4, value: (1 << 32) - 1)?.description == "255.255.255.255")
        #expect(try IPAddress(parsing: "255.255.255.255").advanced(by: 1) == nil)
        #expect(IPAddress(family: .ipv6, value: .max)?.advanced(by: 1) == nil)
        #expect(try IPAddress(parsing: "10.0.0.255").advanced(by: 1)?.description == "10.0.1.0")
    }

    @Test("addresses sort as numbers, IPv4 first")
    func sorts() {
        let texts = ["::1", "9.0.0.0", "10.0.0.0", "::", "10.0.0.2", "2.0.0.0"]
        let sorted = texts.compactMap(IPAddress.init).sorted().map(\.description)
        #expect(sorted == ["2.0.0.0", "9.0.0.0", "10.0.0.0", "10.0.0.2", "::", "::1"])
    }

    @Test("a mapped IPv4 address is not the IPv4 address")
    func keepsMappedApart() {
        #expect(IPAddress("::ffff:10.0.0.1") != IPAddress("10.0.0.1"))
    }

    @Test("the prefix of a host has all bits", arguments: [("10.0.0.1", "10.0.0.1/32"), ("fd00::1", "fd00::1/128")])
    func makesHostPrefix(text: String, prefix: String) throws {
        #expect(try IPAddress(parsing: text).hostPrefix == IPPrefix(parsing: prefix))
    }
}
