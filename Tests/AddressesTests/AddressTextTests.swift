import Addresses
import SeededRandom
import Testing

@Suite("the text of addresses")
struct AddressTextTests {
    @Test(
        "IPv4 text and number agree both ways",
        arguments: [
            ("0.0.0.0", UInt32(0)), ("10.0.0.1", 0x0a00_0001), ("255.255.255.255", .max), ("100.96.0.10", 0x6460_000a),
        ])
    func readsAndWritesIPv4(text: String, value: UInt32) throws {
        #expect(try IPv4Address(parsing: text).rawValue == value)
        #expect(IPv4Address(rawValue: value).description == text)
    }

    @Test(
        "what is not IPv4 is refused",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.0.0.1", "01.2.3.4", "1.2.3.00",
            "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4", "a.b.c.d", "1.2.3.4/24", "99999999999.0.0.0", "١.2.3.4",
        ])
    func refusesIPv4(text: String) {
        #expect(IPv4Address(text) == nil)
        #expect(throws: AddressError.self) { try IPv4Address(parsing: text) }
    }

    @Test(
        "IPv6 is written in the one form of RFC 5952, whatever form it was read in",
        arguments: [
            ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("0:0:0:0:0:0:0:0", "::"),
            ("2001:0DB8:0000:0000:0000:0000:0000:0001", "2001:db8::1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("0:0:1:0:0:0:0:0", "0:0:1::"),
            ("::ffff:10.0.0.1", "::ffff:10.0.0.1"), ("::FFFF:a00:1", "::ffff:10.0.0.1"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("fe80::ecee:eeff:feee:eeee", "fe80::ecee:eeff:feee:eeee"),
        ])
    func writesIPv6Canonically(text: String, canonical: String) throws {
        let address = try IPv6Address(parsing: text)
        #expect(address.description == canonical)
        #expect(IPv6Address(canonical) == address)
    }

    @Test(
        "what is not IPv6 is refused",
        arguments: [
            "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:8::",
            "::1:2:3:4:5:6:7:8", ":1::2", "1::2:", "fe80::1%eth0", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::256.0.0.1",
            "1.2.3.4::", "::1/64", "[::1]", " ::1",
        ])
    func refusesIPv6(text: String) {
        #expect(IPv6Address(text) == nil)
        #expect(throws: AddressError.self) { try IPv6Address(parsing: text) }
    }

    @Test("random IPv6 addresses with many zero groups survive text")
    func roundTripsIPv6() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<500 {
            var value: UInt128 = 0
            for _ in 0..<8 {
                value = value << 16 | (Bool.random(using: &random) ? 0 : UInt128.random(in: 0...0xffff, using: &random))
            }
            let address = IPv6Address(rawValue: value)
            #expect(IPv6Address(address.description) == address)
        }
    }

    @Test("an address of either family is told by its text")
    func readsEitherFamily() throws {
        #expect(IPAddress("10.0.0.1")?.family == .ipv4)
        #expect(IPAddress("fd00::1")?.family == .ipv6)
        #expect(IPAddress("localhost") == nil)
        #expect(try IPAddress(parsing: "fd00::1").description == "fd00::1")
    }

    @Test(
        "MAC addresses are written in lower case with colons",
        arguments: [
            ("ee:ee:ee:ee:ee:ee", "ee:ee:ee:ee:ee:ee"), ("0A-00-27-00-00-0F", "0a:00:27:00:00:0f"),
            ("00:00:00:00:00:00", "00:00:00:00:00:00"),
        ])
    func writesMAC(text: String, canonical: String) throws {
        let address = try MACAddress(parsing: text)
        #expect(address.description == canonical)
        #expect(MACAddress(bytes: address.bytes) == address)
    }

    @Test(
        "what is no MAC address is refused",
        arguments: [
            "", "ee:ee:ee:ee:ee", "ee:ee:ee:ee:ee:ee:ee", "e:ee:ee:ee:ee:ee", "ee:ee:ee:ee:ee:gg", "ee-ee:ee:ee:ee:ee",
        ])
    func refusesMAC(text: String) {
        #expect(MACAddress(text) == nil)
        #expect(throws: AddressError.self) { try MACAddress(parsing: text) }
    }

    @Test("the bits of a MAC address tell groups and local choice")
    func readsMACBits() throws {
        let gateway = try MACAddress(parsing: "ee:ee:ee:ee:ee:ee")
        #expect(gateway.isLocallyAdministered && !gateway.isMulticast)
        #expect(try MACAddress(parsing: "01:00:5e:00:00:01").isMulticast)
        #expect(MACAddress(rawValue: 1 << 48) == nil)
        #expect(MACAddress(bytes: [1, 2, 3]) == nil)
    }

    @Test("errors name the text and what is wrong with it")
    func describesErrors() {
        #expect(throws: AddressError(expected: "a prefix", text: "10.0.0.0/33", reason: "the length must be 0 to 32")) {
            try IPPrefix(parsing: "10.0.0.0/33")
        }
        let error = #expect(throws: AddressError.self) { try IPPrefix(parsing: "fd00::") }
        #expect(error?.description == "read \"fd00::\" as a prefix: it has no /length")
    }
}
