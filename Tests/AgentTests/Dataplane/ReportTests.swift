import CNIProtocol
import Testing

@testable import Agent

@Suite struct ReportTests {
    @Test func aNodeTellsItsBlocksItsPodsAndTheDaemons() throws {
        let bed = try DataplaneBed(networks: ["10.1.0.0/16"], blocks: ["10.1.0.0/29"])
        _ = try bed.call(.add, "c1")
        bed.dataplane.take(.daemons(["http://10.0.0.1:9600", "https://10.0.0.2:9600"]), now: bed.now)

        let report = bed.dataplane.report().json()
        #expect(report["ready"] == true)
        #expect(report["daemons"] == ["http://10.0.0.1:9600", "https://10.0.0.2:9600"])
        #expect(report["blocks"]?.arrayValue?.map { $0["allocated"]?.intValue } == [1])
        #expect(report["attachments"]?.arrayValue?.first?["addresses"] == ["10.1.0.0"])
    }

    @Test func aDaemonIsToldOnce() throws {
        let bed = try DataplaneBed()
        bed.dataplane.take(.daemons(["http://10.0.0.1:9600"]), now: bed.now)
        bed.dataplane.take(.daemons(["http://10.0.0.1:9600", "http://10.0.0.2:9600"]), now: bed.now)
        #expect(bed.dataplane.report().daemons == ["http://10.0.0.1:9600", "http://10.0.0.2:9600"])
    }
}
