import CNIProtocol
import Testing

@Suite("JSON, reading")
struct JSONReaderTests {
    @Test(
        "accepts what RFC 8259 allows",
        arguments: [
            ("null", .null), (" \t\r\n true ", true), ("false", false), ("0", 0), ("-0", .number("-0")), ("120", 120),
            ("-1.5e+3", .number("-1.5e+3")), ("1E9", .number("1E9")), ("1e-400", .number("1e-400")),
            (#""""#, ""), (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9\u20AC""#, "é€"),
            (#""\ud83d\ude00""#, "😀"), (#""\u0000""#, "\0"), ("\"naïve 😀\"", "naïve 😀"), ("[]", []), ("{}", [:]),
            ("[1,[2,[]],{}]", [1, [2, []], [:]]), (#"{"a":1,"b":{"c":[null]}}"#, ["a": 1, "b": ["c": [.null]]]),
        ] as [(String, JSONValue)])
    func accepts(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(
        "refuses what RFC 8259 does not allow, and says where",
        arguments: [
            ("", 0), (" ", 1), ("nul", 0), ("nulL", 0), ("True", 0), ("01", 0), ("-01", 1), ("-", 1), ("+1", 0),
            (".5", 0), ("1.", 2), ("1e", 2), ("1e+", 3), ("0x10", 1), ("1e400", 0), ("-1e400", 0), ("NaN", 0),
            ("Infinity", 0), ("\"abc", 0), ("\"\\", 2), ("\"\\x\"", 2), ("\"\\u12\"", 5), ("\"\\ud800\"", 1),
            ("\"\\ud800x\"", 1), ("\"\\ud800\\n\"", 1), ("\"\\udc00\"", 1), ("\"\\ud800\\ud800\"", 1), ("\"\n\"", 1),
            ("\"\u{1}\"", 1), ("[", 1), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("{", 1),
            ("{1:2}", 1), (#"{"a"}"#, 4), (#"{"a":}"#, 5), (#"{"a":1,}"#, 7), (#"{"a":1 "b":2}"#, 7), ("{}}", 2),
            ("1 2", 2), ("[]]", 2), ("'a'", 0), ("// c\n1", 0), ("\u{FEFF}{}", 0),
        ])
    func refuses(text: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.offset == offset, "\(text): \(String(describing: error))")
    }

    @Test(
        "takes a number exactly when a double holds it",
        arguments: [
            "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1.79769313486231581e308",
            "-1.7976931348623157E+308", "-1.8e308", "0.1e309", "0.17e309", "0.18e309", "10e307", "10e308", "0.001e311",
            "0e999999999999999999999", "-0.000e400", "1e-999999999999999999999", "1e999999999999999999999",
            "17976931348623157e292", "17976931348623159e292", "0.000000000000000000001e329", "123456.789e303",
            "1" + String(repeating: "0", count: 308), "1" + String(repeating: "0", count: 309),
            "2" + String(repeating: "0", count: 308), "0." + String(repeating: "0", count: 400) + "1e709",
        ])
    func range(text: String) throws {
        let isFinite = try #require(Double(text)).isFinite
        #expect((try? JSONValue(parsing: text)) == (isFinite ? .number(text) : nil))
    }

    @Test(
        "refuses strings that are not UTF-8",
        arguments: [[0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5], [0xE2, 0x82]])
    func refusesBadUTF8(contents: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22] + contents + [0x22]) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0x5C, 0x6E] + contents + [0x22]) }
    }

    @Test("nests to the limit and no further")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONValue(parsing: nested(JSONValue.maximumDepth))
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(JSONValue.maximumDepth + 1)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 1 << 20)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: #"{"a":"#, count: 1 << 18)) }
    }

    @Test("numbers of very many digits are held to the range of a double")
    func longNumbers() throws {
        let digits = String(repeating: "9", count: 308)
        #expect(try JSONValue(parsing: digits) == .number(digits))
        #expect(throws: JSONError.self) { try JSONValue(parsing: digits + "99") }
        #expect(try JSONValue(parsing: "0." + digits + digits) == .number("0." + digits + digits))
    }

    @Test("the last of repeated keys counts, and both are kept")
    func repeatedKeys() throws {
        let value = try JSONValue(parsing: #"{"a":1,"a":2}"#)
        #expect(value["a"] == 2)
        #expect(value.members?.count == 2)
    }

    @Test("any damage to a document gives a value or an error, never a trap")
    func damaged() {
        let document = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00\n"],"b":{"c":null,"d":true},"e":""}"#.utf8)
        var numbers = SystemRandomNumberGenerator()
        for end in 0...document.count { _ = try? JSONValue(parsing: Array(document[..<end])) }
        for _ in 0..<5_000 {
            var bytes = document
            for _ in 0...Int.random(in: 0..<3, using: &numbers) {
                bytes[Int.random(in: 0..<bytes.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            }
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            #expect((try? JSONValue(parsing: value.bytes)) == value)
        }
    }
}
