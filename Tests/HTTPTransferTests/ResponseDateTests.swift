import HTTPTransfer
import Testing

@Suite("When servers say that they answer")
struct ResponseDateTests {
    @Test(
        "the usual form is read, nothing else, and no number is too great",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
            ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("", nil), ("Sun, 06 Nov 1994 24:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 -1:49:37 GMT", nil), ("Sun, 00 Nov 1994 08:49:37 GMT", nil),
            ("Sun, 06 Nov 9223372036854775807 08:49:37 GMT", nil),
            ("Sun, 9223372036854775807 Nov 1994 08:49:37 GMT", nil),
        ] as [(String, Int64?)])
    func date(_ text: String, seconds: Int64?) {
        #expect(HTTPResponseHead(status: 200, headers: [("date", text)]).date == seconds)
    }

    @Test("a server that does not tell the time is no error")
    func none() {
        #expect(HTTPResponseHead(status: 200, headers: []).date == nil)
    }
}
