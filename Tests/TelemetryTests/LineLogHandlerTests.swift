import Logging
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

    @Test(arguments: [
        (LogFormat.text, #"time=T level=info from=agent msg="ADD done" pod=shop/web request=0123-4f"# + "\n"),
        (
            .json,
            #"{"time":"T","level":"info","from":"agent","msg":"ADD done","pod":"shop/web","request":"0123-4f"}"# + "\n"
        ),
    ])
    func anEventIsALine(_ format: LogFormat, _ line: String) {
        let handler = LineLogHandler(label: "agent", format: format)
        let event = LogEvent(
            level: .info, message: "ADD done", error: nil, metadata: ["request": "0123-4f", "pod": "shop/web"],
            source: "", file: "", function: "", line: 0)
        #expect(handler.line(event, time: "T") == line)
    }

    @Test(arguments: [
        ("plain", #""plain""#), (#"a"b\c"#, #""a\"b\\c""#), ("a\nb\u{1}", #""a\u000ab\u0001""#), ("ä", #""ä""#),
    ])
    func aJSONStringIsEscaped(_ value: String, _ written: String) {
        #expect(LineLogHandler.json(value) == written)
    }

    @Test func theTimeIsUTCWithMilliseconds() {
        let text = Timestamp.now()
        #expect(text.count == 24 && text.hasSuffix("Z") && text.hasPrefix("2"))
    }
}
