import CNIProtocol
import Testing
import YAML

@testable import Commands

@Suite("Output")
struct OutputTests {
    static func table() -> Table {
        var table = Table([.init("Name"), .init("Count", isNumber: true), .init("State")], empty: "Nothing.")
        table.add(["a-long-name-of-a-pod", "7", .init("installed", .good)])
        table.add(["b", "1234567", .init("gone", .bad)])
        return table
    }

    @Test("columns stand under each other, numbers to the right")
    func aligned() {
        #expect(
            Self.table().text(width: nil, usesColour: false) == """
                Name                    Count  State
                a-long-name-of-a-pod        7  installed
                b                     1234567  gone
                """)
    }

    @Test("colours do not shift columns")
    func coloured() {
        let lines = Self.table().text(width: 80, usesColour: true).split(separator: "\n")
        #expect(lines[1].hasSuffix("\u{1B}[32minstalled\u{1B}[0m"))
        #expect(lines[2].hasSuffix("\u{1B}[31mgone\u{1B}[0m"))
        let plain = lines.map { line in line.replacing(/\u{1B}\[[0-9]*m/, with: "") }
        #expect(plain.joined(separator: "\n") == Self.table().text(width: 80, usesColour: false))
    }

    @Test("control characters do not reach the terminal")
    func control() {
        #expect(Table.Cell("a\u{1B}[2Jb\nc\u{9B}").text == "a?[2Jb?c?")
    }

    @Test("documents are indented by two")
    func indented() {
        let document: JSONValue = ["a": [1, ["b": .null]], "c": [], "d": [:]]
        #expect(
            document.indented == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": [],
                  "d": {}
                }
                """)
    }

    @Test("documents as YAML")
    func yaml() {
        let document: JSONValue = [
            "hosts": [
                ["name": "node-1", "ip": "10.0.0.1", "tags": ["a/b": "yes", "n": .null]],
                ["name": "x", "list": [1, [2, 3]]],
            ],
            "cidr": "10.0.0.0/8", "six": "fd00::/8", "empty": [], "none": [:], "blank": "", "number": "1.5",
            "date": "2026-11-21", "text": "two words", "quote": "a\"b", "flag": true, "dash": "-",
        ]
        #expect(
            document.yaml == """
                hosts:
                  - name: node-1
                    ip: 10.0.0.1
                    tags:
                      a/b: "yes"
                      "n": null
                  - name: x
                    list:
                      - 1
                      - - 2
                        - 3
                cidr: 10.0.0.0/8
                six: "fd00::/8"
                empty: []
                none: {}
                blank: ""
                number: "1.5"
                date: "2026-11-21"
                text: "two words"
                quote: "a\\"b"
                flag: true
                dash: "-"
                """)
        #expect(([] as JSONValue).yaml == "[]")
        #expect(("null" as JSONValue).yaml == "\"null\"")
    }
}
