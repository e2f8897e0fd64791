import Addresses
import Foundation
import Testing

@Suite("addresses in JSON")
struct AddressCodingTests {
    struct Record: Codable, Equatable {
        var family: AddressFamily
        var address: IPAddress
        var prefix: IPPrefix
        var mac: MACAddress
    }

    @Test("each type is written as its text and read back")
    func roundTrips() throws {
        let record = Record(
            family: .ipv6, address: try IPAddress(parsing: "fd00::1"), prefix: try IPPrefix(parsing: "10.0.0.0/8"),
            mac: try MACAddress(parsing: "ee:ee:ee:ee:ee:ee"))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(record), as: UTF8.self)
        #expect(text == #"{"address":"fd00::1","family":"ipv6","mac":"ee:ee:ee:ee:ee:ee","prefix":"10.0.0.0/8"}"#)
        #expect(try JSONDecoder().decode(Record.self, from: Data(text.utf8)) == record)
    }

    @Test("a wrong text is an error that keeps the path and says what is wrong")
    func refuses() throws {
        let error = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([String: IPPrefix].self, from: Data(#"{"cidr": "10.0.0.0/40"}"#.utf8))
        }
        guard case .dataCorrupted(let context) = error else {
            Issue.record("unexpected error \(String(describing: error))")
            return
        }
        #expect(context.codingPath.map(\.stringValue) == ["cidr"])
        #expect(context.debugDescription == "read \"10.0.0.0/40\" as a prefix: the length must be 0 to 32")
    }
}
