import Addresses
import CNIProtocol
import LinuxSystem
import Testing

@testable import Agent

@Suite struct JournalTests {
    private let path = "/tmp/romana-journal-\(UInt64.random(in: .min ... .max))"

    @Test func entriesReadBackAsTheyWere() throws {
        let attachment = Attachment.example(
            id: "x", namespace: "a \"b\"\n", pod: "ü", addresses: ["10.0.0.1", "fd00::1"])
        let line = JournalEntry(.live, attachment).line
        #expect(line.filter { $0 == 10 }.count == 1)
        let entry = try #require(JournalEntry(line: line.dropLast()))
        #expect(entry == JournalEntry(.live, attachment))
    }

    @Test func portsAndLimitsReadBackAsTheyWere() throws {
        var attachment = Attachment.example(id: "x")
        attachment.portMappings = [
            PortMapping(hostPort: 8080, containerPort: 80),
            PortMapping(hostPort: 53, containerPort: 5353, transport: .udp, hostIP: IPAddress("fd00::1")),
        ]
        attachment.bandwidth = BandwidthLimits(egress: BandwidthLimits.Limit(rate: 8_000, burst: 16_000))
        attachment.ifbIndex = 9
        let entry = try #require(JournalEntry(line: JournalEntry(.live, attachment).line))
        #expect(entry.attachment == attachment)
    }

    @Test func linesOfAgentsThatKnewNoPortsAreRead() throws {
        let line = """
            {"stage":"live","id":"c1","if":"eth0","net":"cluster","ns":"default","pod":"web","seg":"default",\
            "path":"/run/netns/c1","ino":"4:4026531840","mac":"02:00:00:00:00:01","idx":7,"mtu":1500,\
            "ips":[["10.1.0.1","10.1.0.0/28","net"]]}
            """
        let attachment = try #require(JournalEntry(line: Array(line.utf8))).attachment
        #expect(attachment.portMappings == [] && attachment.bandwidth == nil && attachment.ifbIndex == 0)
        #expect(attachment.hostIndex == 7)
    }

    @Test func rememberedIsTheLastStageOfEachAttachment() throws {
        defer { _ = try? FileSystem.unlink(path) }
        let one = Attachment.example(id: "one")
        let two = Attachment.example(id: "two", addresses: ["10.1.0.2"])
        let three = Attachment.example(id: "three", addresses: ["10.1.0.3"])
        let journal = try Journal(path: path)
        #expect(journal.recovered.isEmpty)
        try journal.append([JournalEntry(.intent, one), JournalEntry(.intent, two), JournalEntry(.intent, three)])
        try journal.append([JournalEntry(.live, one), JournalEntry(.live, two)])
        try journal.append([JournalEntry(.leaving, two), JournalEntry(.gone, one)])
        let again = try Journal(path: path)
        #expect(again.recovered.map(\.attachment.key.containerID) == ["three", "two"])
        #expect(again.recovered.map(\.stage) == [.intent, .leaving])
        #expect(again.recovered[1].attachment.addresses == two.addresses)
        // And once more from the file that opening has written anew.
        #expect(try Journal(path: path).recovered == again.recovered)
    }

    @Test func tornLastLineIsIgnored() throws {
        defer { _ = try? FileSystem.unlink(path) }
        let journal = try Journal(path: path)
        try journal.append([JournalEntry(.live, .example(id: "whole"))])
        let torn = JournalEntry(.live, .example(id: "torn")).line
        let file = try FileDescriptor.open(path, [.writeOnly, .append])
        try file.writeAll(Array(torn.prefix(torn.count / 2)))
        let again = try Journal(path: path)
        #expect(again.recovered.map(\.attachment.key.containerID) == ["whole"])
        try again.append([JournalEntry(.live, .example(id: "next"))])
        #expect(try Journal(path: path).recovered.count == 2)
    }

    @Test func historyDoesNotGrowTheFileWithoutEnd() throws {
        defer { _ = try? FileSystem.unlink(path) }
        let journal = try Journal(path: path)
        try journal.append([JournalEntry(.live, .example(id: "stays"))])
        for number in 0..<2_000 {
            let attachment = Attachment.example(id: "c\(number)")
            try journal.append([JournalEntry(.intent, attachment)])
            try journal.append([JournalEntry(.live, attachment), JournalEntry(.gone, attachment)])
        }
        #expect(try FileSystem.readFile(path).count < 200_000)
        #expect(try Journal(path: path).recovered.map(\.attachment.key.containerID) == ["stays"])
    }

    @Test(arguments: [
        "", "{}", "[]", "{\"stage\":\"live\"}", "{\"stage\":\"dancing\",\"id\":\"a\",\"if\":\"b\"}", "nonsense",
    ])
    func whatIsNoEntryIsPassedOver(text: String) {
        #expect(JournalEntry(line: Array(text.utf8)) == nil)
    }
}
