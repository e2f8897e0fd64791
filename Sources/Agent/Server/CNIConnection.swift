import CNIProtocol
import LinuxSystem

/// One client of the agent's socket: bytes and descriptors in, one answer out.
final class CNIConnection {
    /// What reading has come to.
    enum Progress {
        case complete, incomplete, ended
    }

    private let socket: UnixSocket
    private var decoder = AgentFrameDecoder()
    private var descriptors = DescriptorList()
    private var request: AgentRequest?
    private var output: [UInt8] = []
    private var sent = 0
    private var lastProgress: UInt64
    private var isServed = false

    /// Takes over an accepted socket; only root and the agent's own user may talk to it.
    init(_ socket: consuming UnixSocket, opened: UInt64, owner: UInt32) throws(SystemError) {
        self.socket = socket
        lastProgress = opened
        let peer = try self.socket.peerCredentials()
        guard peer.uid == 0 || peer.uid == owner else {
            throw SystemError(operation: "serve process \(peer.pid)", subject: "of user \(peer.uid)", errno: .EACCES)
        }
    }

    var rawValue: Int32 { socket.rawValue }
    /// Whether an answer is still to be sent.
    var hasOutput: Bool { sent < output.count }
    /// Whether a whole request has been handed out and not answered.
    private(set) var isWaiting = false

    /// Reads what is there.
    func receive() throws -> Progress {
        var bytes: [UInt8] = []
        while let count = try socket.receive(appendingTo: &bytes, descriptors: &descriptors) {
            guard count > 0 else { return .ended }
            guard !isServed else { return .incomplete }
            lastProgress = Clock.monotonicNanoseconds()
            decoder.feed(bytes)
            bytes.removeAll(keepingCapacity: true)
            if let frame = try decoder.next() {
                request = try AgentRequest(frame)
                isServed = true
                return .complete
            }
        }
        return .incomplete
    }

    /// The request, once.
    func takeRequest() -> AgentRequest? {
        defer { request = nil }
        isWaiting = request != nil
        return request
    }

    /// The pod's namespace that came with the request.
    func takeSandbox() throws(SystemError) -> Sandbox? {
        guard let descriptor = descriptors.takeFirst() else { return nil }
        return try Sandbox(descriptor)
    }

    /// Starts to send an answer; true when all of it is on its way.
    func send(_ bytes: [UInt8]) throws(SystemError) -> Bool {
        isWaiting = false
        output = bytes
        return try flush()
    }

    /// Sends what the socket takes; true when nothing is left.
    func flush() throws(SystemError) -> Bool {
        while hasOutput, let count = try socket.send(output, from: sent) {
            sent += count
            lastProgress = Clock.monotonicNanoseconds()
        }
        return !hasOutput
    }

    /// Whether the client has neither sent nor read for too long; one that waits for its answer is not stalled.
    func isStalled(now: UInt64, limit: UInt64) -> Bool {
        !isWaiting && now > lastProgress + limit
    }
}
