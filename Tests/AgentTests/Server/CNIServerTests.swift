import CNIProtocol
import LinuxSystem
import Logging
import Testing

@testable import Agent

@Suite struct CNIServerTests {
    @Test func wholeRequestIsHandedOutAndAnswered() throws {
        let bed = try ServerBed()
        let client = try bed.connect()
        try client.sendAll(bed.request())
        let requests = try bed.turn()
        #expect(requests.map(\.key.containerID) == ["c1"])
        #expect(requests.first?.config.name == "cluster")
        bed.server.answer(try #require(requests.first?.connection), CNIAnswer(status: 0, output: [1, 2]), bed.poll)
        let answer = try AgentResponse(try #require(try frame(client)))
        #expect(answer == AgentResponse(exitStatus: 0, output: [1, 2]))
    }

    @Test func requestInPiecesIsPutTogether() throws {
        let bed = try ServerBed()
        let client = try bed.connect()
        let bytes = bed.request()
        for piece in [bytes.prefix(5), bytes[5..<40], bytes.dropFirst(40)] {
            #expect(try bed.turn().isEmpty)
            try client.sendAll(Array(piece))
        }
        #expect(try bed.turn().count == 1)
    }

    @Test func junkCutsTheClientAndNobodyElse() throws {
        let bed = try ServerBed()
        let good = try bed.connect()
        let bad = try bed.connect()
        try bad.sendAll([UInt8](repeating: 0x41, count: 100_000))
        try good.sendAll(bed.request())
        #expect(try bed.turn().count == 1)
        #expect(bed.server.badClients == 1)
    }

    @Test func invalidEnvironmentIsAnsweredWithCodeFour() throws {
        let bed = try ServerBed()
        let client = try bed.connect()
        try client.sendAll(bed.request(command: "DANCE"))
        #expect(try bed.turn().isEmpty)
        let answer = try AgentResponse(try #require(try frame(client)))
        #expect(answer.exitStatus == 1)
        #expect(try JSONValue(parsing: answer.output)["code"]?.intValue == 4)
    }

    @Test func clientThatLeavesBeforeItsAnswerIsReported() throws {
        let bed = try ServerBed()
        do {
            let client = try bed.connect()
            try client.sendAll(bed.request())
            #expect(try bed.turn().count == 1)
        }
        _ = try bed.turn()
        #expect(bed.server.takeClosed().count == 1)
    }

    @Test func silentClientIsCutAfterItsTime() throws {
        let bed = try ServerBed()
        let client = try bed.connect()
        try client.sendAll(Array(bed.request().prefix(3)))
        _ = try bed.turn()
        bed.server.cutSlowClients(now: Clock.monotonicNanoseconds())
        #expect(bed.server.badClients == 0)
        bed.server.cutSlowClients(now: Clock.monotonicNanoseconds() + 11_000_000_000)
        #expect(bed.server.badClients == 1)
    }

    private func frame(_ client: borrowing UnixSocket) throws -> AgentFrame? {
        var decoder = AgentFrameDecoder()
        var bytes: [UInt8] = []
        while let count = try client.receive(appendingTo: &bytes), count > 0 {
            decoder.feed(bytes)
            bytes = []
            if let frame = try decoder.next() { return frame }
        }
        return nil
    }
}

/// A server on a socket in /tmp, driven turn by turn.
private final class ServerBed {
    let path = "/tmp/romana-server-\(UInt64.random(in: .min ... .max))"
    let server: CNIServer
    let poll: Epoll

    init() throws {
        server = try CNIServer(
            path: path, owner: ProcessIdentity.user, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        poll = try Epoll()
        try poll.add(server.descriptor, .readable, token: 1)
    }

    deinit { _ = try? FileSystem.unlink(path) }

    func connect() throws -> UnixSocket { try UnixSocket.connect(path) }

    /// Handles everything that is ready and gives the requests that came of it.
    func turn() throws -> [CNIRequest] {
        var requests: [CNIRequest] = []
        while true {
            let events = try poll.wait(timeoutMilliseconds: 20)
            if events.isEmpty { return requests }
            for event in events {
                if event.token == 1 { server.accept(into: poll) } else { server.progress(event) }
            }
            requests += server.takeRequests(tellState: { _ in Issue.record("nobody asked") }, poll)
        }
    }

    func request(command: String = "ADD") -> [UInt8] {
        AgentRequest(
            environment: [
                .init("CNI_COMMAND", command), .init("CNI_CONTAINERID", "c1"), .init("CNI_IFNAME", "eth0"),
                .init("CNI_NETNS", "/run/netns/c1"), .init("CNI_PATH", "/opt/cni/bin"),
            ], config: Array(#"{"cniVersion":"1.0.0","name":"cluster","type":"romana-cni"}"#.utf8)
        ).frame.bytes
    }
}
