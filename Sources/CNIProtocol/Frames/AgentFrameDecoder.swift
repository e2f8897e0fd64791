/// Puts a frame together from bytes as they arrive.
public struct AgentFrameDecoder: Sendable {
    private var buffer: [UInt8] = []
    private let limit: Int

    /// A decoder that refuses bodies beyond a number of bytes.
    public init(limit: Int = AgentFrame.maximumBody) { self.limit = limit }

    /// Whether bytes of an unfinished frame are held.
    public var isAmidFrame: Bool { !buffer.isEmpty }

    /// Takes bytes as they came.
    public mutating func feed(_ bytes: some Collection<UInt8>) { buffer.append(contentsOf: bytes) }

    /// The next whole frame, nil as long as bytes are missing; code 6 for what is not a frame of ours, as soon as it
    /// shows, after which the decoder is of no more use.
    public mutating func next() throws(CNIError) -> AgentFrame? {
        let seen = min(buffer.count, AgentFrame.magic.count)
        guard buffer[..<seen].elementsEqual(AgentFrame.magic[..<seen]) else {
            throw CNIError(.decoding, "the agent's socket carries something other than agent frames")
        }
        guard buffer.count >= AgentFrame.headerLength else { return nil }
        guard buffer[4] == AgentFrame.version else {
            throw CNIError(.decoding, "agent frame of version \(buffer[4]), not \(AgentFrame.version)")
        }
        guard let kind = AgentFrame.Kind(rawValue: buffer[5]) else {
            throw CNIError(.decoding, "agent frame of unknown kind \(buffer[5])")
        }
        let length = buffer[8..<12].reduce(0) { $0 << 8 | Int($1) }
        guard length <= limit else {
            throw CNIError(.decoding, "agent frame of \(length) bytes, the limit is \(limit)")
        }
        let end = AgentFrame.headerLength + length
        guard buffer.count >= end else { return nil }
        let frame = AgentFrame(kind: kind, body: Array(buffer[AgentFrame.headerLength..<end]))
        buffer.removeFirst(end)
        return frame
    }
}
