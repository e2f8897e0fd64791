import Glibc
import Testing

@testable import Telemetry

@Suite struct LogOutletTests {
    @Test func aReaderThatReadsNothingHoldsUpNobodyAndIsToldWhatItMissed() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        // 64 KiB go into a pipe; a write of more would wait for ever.
        let outlet = LogOutlet(ends[1])
        let line = String(repeating: "x", count: 1_000) + "\n"
        for _ in 0..<200 { outlet.write(line) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = read(ends[0], &bytes, bytes.count)
        let kept = bytes[..<max(0, count)].count { $0 == UInt8(ascii: "\n") }
        #expect(kept > 50 && kept < 70)
        outlet.write("again\n")
        let more = read(ends[0], &bytes, bytes.count)
        let text = String(decoding: bytes[..<max(0, more)], as: UTF8.self)
        #expect(text == "\(200 - kept) log lines were lost, since nobody read them\nagain\n")
    }
}
