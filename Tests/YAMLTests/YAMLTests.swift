import CNIProtocol
import Testing

@testable import YAML

@Suite("YAML")
struct YAMLTests {
    static let documents: [(text: String, value: JSONValue)] = [
        ("", .null), ("# nothing\n\n---\n", .null), ("just words", "just words"),
        (
            "RootURL: http://10.0.0.1:9600 # here\nVerbose: true\n",
            ["RootURL": "http://10.0.0.1:9600", "Verbose": true]
        ),
        (
            "---\na: 1\nb: -2.5e3\nc: 007\nd: ~\ne:\nf: null\n...\n",
            ["a": 1, "b": .number("-2.5e3"), "c": "007", "d": .null, "e": .null, "f": .null]
        ),
        ("a:\n  b:\n    c: d\n  e: f\ng: h", ["a": ["b": ["c": "d"], "e": "f"], "g": "h"]),
        ("a:\n- 1\n- 2\nb:\n  - 3", ["a": [1, 2], "b": [3]]),
        (
            "- name: x\n  list:\n  - 1\n  more: y\n-\n  name: z\n- - 1\n  - 2\n-\n",
            [["name": "x", "list": [1], "more": "y"], ["name": "z"], [1, 2], .null]
        ),
        (
            "a: [1, two, 'three', \"f\\u00fcnf\"]\nb: {c: d, e: [], f: {}, \"g h\": , i: fd00::/8}",
            ["a": [1, "two", "three", "fünf"], "b": ["c": "d", "e": [], "f": [:], "g h": .null, "i": "fd00::/8"]]
        ),
        (
            "map: [\n  {name: a,   # the first\n   groups: []},\n  {name: b}]\nz: 1",
            ["map": [["name": "a", "groups": []], ["name": "b"]], "z": 1]
        ),
        ("'it''s': \"a: # \\\" b\"\n\"k\" : 'c # d'", ["it's": "a: # \" b", "k": "c # d"]),
        (
            "cidr: 10.0.0.0/8\nsix: fd00::/8\ntime: 12:30\nurl: a#b\nyes: no",
            ["cidr": "10.0.0.0/8", "six": "fd00::/8", "time": "12:30", "url": "a#b", "yes": "no"]
        ),
        ("{\"a\": [1, {\"b\": null}], \"c\": \"d\"}", ["a": [1, ["b": .null]], "c": "d"]),
        ("a: don't\r\nb: x\r\n", ["a": "don't", "b": "x"]),
    ]

    @Test("what people write by hand is read", arguments: documents)
    func reads(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsingYAML: text) == value)
    }

    @Test(
        "what is not read is refused with its line, never misread",
        arguments: [
            ("a: 1\na: 2", "line 2: key a is there twice"), ("a: {b: 1, b: 2}", "line 1: key b is there twice"),
            ("a: &x 1", "line 1: anchors, aliases, tags and the like are not read here: &x 1"),
            ("a: *x", "line 1: anchors, aliases, tags and the like are not read here: *x"),
            ("a: !!str 1", "line 1: anchors, aliases, tags and the like are not read here: !!str 1"),
            ("a: |2\n  text", "line 1: a text of several lines begins with | or > and nothing but + or - behind it"),
            ("a: |\n    b\n  c", "line 3: a text of several lines is indented less than it began"),
            ("a:\n\tb: 1", "line 2: a tab in the indentation"), ("%YAML 1.2", "line 1: directives are not read here"),
            ("a: 1\n---\nb: 2", "line 3: a second document, where one is expected"),
            ("? a\n: b", "line 1: keys that are not scalars are not read here"),
            ("a: one\n  two", "line 2: it belongs to nothing: its indentation fits no line above"),
            ("a:\n    b: 1\n  c: 2", "line 3: it belongs to nothing: its indentation fits no line above"),
            ("a: b: c", "line 1: a colon within a text that is not in quotes"),
            ("a: 1\nb", "line 2: a key with a colon behind it is due"),
            ("a: [1, 2", "line 1: a comma or ] is due in a list"), ("a: {b}", "line 1: a colon is due after key b"),
            ("a: \"b", "line 1: a text in quotes that is not closed"),
            ("a: \"\\x\"", "line 1: in a text in quotes: 'x' is not an escape"),
            ("a: 'b' c", "line 1: something after the end of the value"),
        ])
    func refuses(text: String, sentence: String) {
        let error = #expect(throws: YAMLError.self) { try JSONValue(parsingYAML: text) }
        #expect(error?.description == sentence)
    }

    @Test(
        "texts of several lines keep their lines, or are folded",
        arguments: [
            ("a: |\n  b: c # d\n\n    - e\n  f\n\ng: h", ["a": "b: c # d\n\n  - e\nf\n", "g": "h"]),
            (
                "- |-\n one\n two\n- >\n  one\n  two\n\n  three\n- x: |+\n   y\n\n",
                ["one\ntwo", "one two\nthree\n", ["x": "y\n\n"]]
            ),
            ("a:\n- b: >-\n    c\n     d\n    e\n  f: g", ["a": [["b": "c\n d\ne", "f": "g"]]]),
            ("a: |\nb: 1", ["a": "", "b": 1]), ("|\n # no comment", "# no comment\n"),
            ("a: |\r\n  b\r\n  c\r\nd: e", ["a": "b\nc\n", "d": "e"]),
            ("a: b |\nc: '|'", ["a": "b |", "c": "|"]),
        ] as [(String, JSONValue)])
    func blockTexts(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsingYAML: text) == value)
    }

    @Test("documents of one text stand apart, and those that say nothing are left out")
    func documentsOfOneText() throws {
        let text = "# none\n---\na: 1\n---\n# none\n---\n- b\n...\n--- c\n---\nd: |\n  x\n  ---\n"
        #expect(try JSONValue.documents(parsingYAML: text) == [["a": 1], ["b"], "c", ["d": "x\n---\n"]])
        #expect(try JSONValue.documents(parsingYAML: "") == [])
        #expect(throws: YAMLError(line: 4, reason: "key a is there twice")) {
            try JSONValue.documents(parsingYAML: "b: 1\n---\na: 1\na: 2")
        }
    }

    @Test("nothing nests so deep that it exhausts the stack")
    func deep() {
        for text in [String(repeating: "[", count: 5_000), String(repeating: "- ", count: 5_000) + "x"] {
            let error = #expect(throws: YAMLError.self) { try JSONValue(parsingYAML: text) }
            #expect(error?.reason == "nested deeper than 64 levels")
        }
    }

    @Test("what is written is read as the same")
    func roundTrip() throws {
        let words: [JSONValue] = [
            "", "a", "yes", "null", "~", "1", "-", "- a", "a: b", "#", "a #b", "'", "\"", "{", "x\ny", "10.0.0.0/8",
            "fd00::",
            "0x1f", " blank ", "1.5", "ü", "&a", "true", .null, true, .number("1e3"), [], [:],
        ]
        var documents: [JSONValue] = words
        documents.append(.array(words))
        documents.append(.object(words.enumerated().map { (key: "k\($0.offset)", value: $0.element) }))
        documents.append(
            .object(words.compactMap(\.stringValue).map { (key: $0, value: [.array(words), ["m": [1]]]) }))
        for document in documents {
            #expect(try JSONValue(parsingYAML: document.yaml) == document, "\(document.yaml)")
        }
    }
}
