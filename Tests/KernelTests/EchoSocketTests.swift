import LinuxSystem
import Testing

@Suite struct EchoSocketTests {
    @Test(arguments: [false, true]) func pingsAreAnsweredWithWhatTheyCarried(isVersion6: Bool) async throws {
        let address: [UInt8] = isVersion6 ? [UInt8](repeating: 0, count: 15) + [1] : [127, 0, 0, 1]
        let socket = try EchoSocket(isVersion6: isVersion6)
        #expect(try socket.receive() == nil)
        try socket.send(to: address, identifier: 7, sequence: 9, payload: [1, 2, 3])
        var reply: EchoSocket.Reply?
        for _ in 0..<200 where reply == nil {
            reply = try socket.receive()
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(reply == EchoSocket.Reply(address: address, identifier: 7, sequence: 9, payload: [1, 2, 3]))
        // The request itself came by as well.
        #expect(try socket.receive() == nil)
    }
}
