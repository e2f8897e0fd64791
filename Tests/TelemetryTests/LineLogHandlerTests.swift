import Testing

@testable import Telemetry

@Suite struct LineLogHandlerTests {
    @Test(arguments: [
        ("plain", "plain"), ("two words", #""two words""#), ("", #""""#), (#"a"b"#, #""a\"b""#), ("a\nb", #""a\nb""#),
        ("a=b", #""a=b""#), ("\u{1}", #""\x1""#), ("10.0.0.0/29,10.0.0.8/29", "10.0.0.0/29,10.0.0.8/29"),
    ])
    func aValueIsOneField(_ value: String, _ written: String) {
        #expect(LineLogHandler.quoted(value) == written)
    }

    @Test func theTimeIsUTCWithMilliseconds() {
        let text = LineLogHandler.timestamp()
        #expect(text.count == 24 && text.hasSuffix("Z") && text.hasPrefix("2"))
    }
}
