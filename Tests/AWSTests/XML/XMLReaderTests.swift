import Testing

@testable import AWS

@Suite("XML")
struct XMLReaderTests {
    private func read(_ text: String) throws(XMLReader.Problem) -> XMLElement { try XMLReader.read(Array(text.utf8)) }

    private func problem(_ text: String) -> String? {
        do throws(XMLReader.Problem) {
            _ = try read(text)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("Elements, lists and texts are found by their names, whatever their namespace")
    func elements() throws {
        let document = try read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <a:Answer xmlns:a="http://example.com/">
              <requestId> 59dbff89 </requestId>
              <routeSet><item><id>1 &amp; 2</id></item><item><id>\u{1234}</id></item><other/></routeSet>
              <empty/><blank>  </blank>
            </a:Answer>
            """)
        #expect(document.name == "Answer")
        #expect(document.text("requestId") == "59dbff89")
        #expect(document.items("routeSet").map { $0.text("id") } == ["1 & 2", "\u{1234}"])
        #expect(document.text("empty") == nil && document.text("blank") == nil && document.text("missing") == nil)
        #expect(document.items("missing").isEmpty)
    }

    @Test("A document that ends in its middle is an error, wherever that is")
    func half() throws {
        let whole = "<A><b><c>text</c></b><d/></A>"
        for count in 0..<whole.count {
            #expect(problem(String(whole.prefix(count))) != nil, "\(whole.prefix(count))")
        }
        #expect(problem(whole) == nil)
    }

    @Test(
        "What is no XML is an error",
        arguments: ["", "no", "{\"a\": 1}", "<a></b>", "<a/><b/>", "<a>\u{0}</a>", "<a>&no;</a>"])
    func garbage(_ text: String) { #expect(problem(text) != nil) }

    @Test("A document with entities of its own is refused before any is looked at")
    func entities() {
        let laughs = (1...30).map { "<!ENTITY l\($0) \"&l\($0 - 1);&l\($0 - 1);\">" }.joined()
        let texts = [
            "<!DOCTYPE a [<!ENTITY l0 \"ha\">\(laughs)]><a>&l30;</a>",
            "<!DOCTYPE a [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><a>&f;</a>",
            "<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/a.dtd\"><a/>",
        ]
        for text in texts { #expect(problem(text) == "it has a document type declaration") }
    }

    @Test("Elements without end in each other are refused")
    func depth() {
        let text = String(repeating: "<a>", count: 100_000)
        #expect(problem(text)?.contains("64 deep") == true)
    }
}
