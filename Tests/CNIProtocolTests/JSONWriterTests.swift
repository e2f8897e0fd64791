import CNIProtocol
import Testing

@Suite("JSON, writing")
struct JSONWriterTests {
    @Test(
        "writes compactly and escapes only what must be",
        arguments: [
            (.null, "null"), (true, "true"), (-7, "-7"), (.number("1e3"), "1e3"), ("é/€", "\"é/€\""),
            ("\"\\\n\r\t\u{1}\u{1f}\u{7f}", "\"\\\"\\\\\\n\\r\\t\\u0001\\u001f\u{7f}\""), ([], "[]"),
            ([1, "a"], #"[1,"a"]"#),
            (["b": 1, "a": [:]], #"{"b":1,"a":{}}"#),
        ] as [(JSONValue, String)])
    func writes(value: JSONValue, text: String) {
        #expect(value.text == text)
    }

    @Test("what is written reads back as the same value")
    func roundTrip() throws {
        let value: JSONValue = ["k\u{0}": ["😀", .number("-0.5e-7"), .null, [:]], "": true]
        #expect(try JSONValue(parsing: value.bytes) == value)
    }

    @Test("the order of members is part of a value")
    func order() {
        #expect(["a": 1, "b": 2] as JSONValue != ["b": 2, "a": 1])
    }

    @Test("typed access answers nil for other kinds")
    func access() {
        let value: JSONValue = ["n": 5, "s": "x", "a": [1], "b": false, "f": .number("1.5"), "z": .null]
        #expect(value["n"]?.intValue == 5)
        #expect(value["f"]?.intValue == nil)
        #expect(value["s"]?.stringValue == "x")
        #expect(value["s"]?.intValue == nil)
        #expect(value["a"]?.arrayValue == [1])
        #expect(value["b"]?.boolValue == false)
        #expect(value["z"]?.isNull == true)
        #expect(value["missing"] == nil)
        #expect(value["s"]?["x"] == nil)
    }
}
