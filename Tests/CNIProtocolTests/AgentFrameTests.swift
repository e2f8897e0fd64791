import CNIProtocol
import Testing

@Suite("Agent frames")
struct AgentFrameTests {
    static let request = AgentRequest(
        environment: [.init("CNI_COMMAND", "ADD"), .init("CNI_ARGS", "A=é")], config: Array(#"{"x":1}"#.utf8))

    @Test("a request has these bytes")
    func golden() {
        let expected: [UInt8] =
            [0x52, 0x4D, 0x4E, 0x41]  // RMNA
            + [0x01, 0x01, 0x00, 0x00]  // version 1, request, reserved
            + [0x00, 0x00, 0x00, 0x2F]  // 47 bytes
            + [0x00, 0x02]  // two entries
            + [0x00, 0x0B, 0x00, 0x00, 0x00, 0x03] + Array("CNI_COMMANDADD".utf8)
            + [0x00, 0x08, 0x00, 0x00, 0x00, 0x04] + Array("CNI_ARGSA=é".utf8)
            + Array(#"{"x":1}"#.utf8)
        #expect(Self.request.frame.bytes == expected)
    }

    @Test("a response has these bytes")
    func goldenResponse() {
        #expect(
            AgentResponse(exitStatus: 1, output: [0x7B, 0x7D]).frame.bytes
                == [0x52, 0x4D, 0x4E, 0x41, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x01, 0x7B, 0x7D])
    }

    @Test("frames come together from pieces of any size", arguments: 1...20)
    func pieces(size: Int) throws {
        let response = AgentResponse.success(Array("done".utf8))
        let stream = Self.request.frame.bytes + response.frame.bytes
        var decoder = AgentFrameDecoder()
        var frames: [AgentFrame] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            decoder.feed(stream[start..<min(start + size, stream.count)])
            while let frame = try decoder.next() { frames.append(frame) }
        }
        #expect(frames == [Self.request.frame, response.frame])
        #expect(try AgentRequest(frames[0]) == Self.request)
        #expect(try AgentResponse(frames[1]) == response)
        #expect(!decoder.isAmidFrame)
    }

    @Test("an empty configuration and an empty environment are kept")
    func empty() throws {
        let request = AgentRequest(environment: [], config: [])
        #expect(try AgentRequest(request.frame) == request)
        #expect(try AgentResponse(AgentResponse.success().frame) == .success())
        #expect(Self.request["CNI_ARGS"] == "A=é")
        #expect(Self.request["CNI_PATH"] == nil)
    }

    @Test("the decoder refuses what is not a frame as soon as it shows")
    func refuses() {
        let header = Self.request.frame.bytes.prefix(AgentFrame.headerLength)
        func refuses(_ bytes: some Collection<UInt8>, _ word: String, limit: Int = 100) {
            var decoder = AgentFrameDecoder(limit: limit)
            decoder.feed(bytes)
            let error = #expect(throws: CNIError.self) { try decoder.next() }
            #expect(error?.code == .decoding)
            #expect(error?.message.contains(word) == true, "\(String(describing: error))")
        }
        refuses(Array("G".utf8), "other than agent frames")
        refuses(Array("RMNX".utf8), "other than agent frames")
        refuses(header[..<4] + [2] + header[5...], "version 2")
        refuses(header[..<5] + [9] + header[6...], "kind 9")
        refuses(header, "limit is 40", limit: 40)
    }

    @Test("every cut of a request's body is refused or read, never a trap")
    func cutBodies() throws {
        let body = Self.request.frame.body
        let entries = body.count - Self.request.config.count
        for end in 0...body.count {
            let request = try? AgentRequest(AgentFrame(kind: .request, body: Array(body[..<end])))
            #expect((request != nil) == (end >= entries))
        }
        #expect(throws: CNIError.self) { try AgentRequest(AgentResponse.success().frame) }
        #expect(throws: CNIError.self) { try AgentResponse(Self.request.frame) }
        #expect(throws: CNIError.self) { try AgentResponse(AgentFrame(kind: .response, body: [])) }
        let bad: [UInt8] = [0, 1, 0, 1, 0, 0, 0, 0, 0xFF]
        #expect(throws: CNIError.self) { try AgentRequest(AgentFrame(kind: .request, body: bad)) }
    }
}
