import Glibc

/// One connection to a ``StubServer``, as its script sees it.
public final class StubConnection: @unchecked Sendable {
    // Used by the connection's own thread alone.
    private let descriptor: Int32
    private let record: (StubRequest) -> Void
    private var pending: [UInt8] = []

    init(descriptor: Int32, record: @escaping (StubRequest) -> Void) {
        self.descriptor = descriptor
        self.record = record
    }

    /// The next request with its body, nil when the client has closed.
    public func readRequest() -> StubRequest? {
        while true {
            if let end = headEnd {
                let lines = String(decoding: pending[..<end], as: UTF8.self).split(separator: "\r\n")
                let words = lines.first?.split(separator: " ") ?? []
                guard words.count == 3 else { return nil }
                let headers = lines.dropFirst().map { line -> (String, String) in
                    let parts = line.split(separator: ":", maxSplits: 1)
                    return (parts[0].lowercased(), String(parts.count > 1 ? parts[1].drop { $0 == " " } : ""))
                }
                let length = headers.first { $0.0 == "content-length" }.flatMap { Int($0.1) } ?? 0
                while pending.count < end + 4 + length { if !fill() { return nil } }
                let body = Array(pending[(end + 4)..<(end + 4 + length)])
                pending.removeFirst(end + 4 + length)
                let request = StubRequest(
                    method: String(words[0]), path: String(words[1]), headers: headers, body: body)
                record(request)
                return request
            }
            if !fill() { return nil }
        }
    }

    /// Sends bytes; false when the client has closed.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    /// Sends text; false when the client has closed.
    @discardableResult
    public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Stands still.
    public func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }

    /// Waits until the client closes, passing over what it still sends.
    public func waitForClose() { while fill() {} }

    private var headEnd: Int? {
        guard pending.count >= 4 else { return nil }
        return (0...(pending.count - 4)).first { pending[$0..<($0 + 4)] == [13, 10, 13, 10] }
    }

    private func fill() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        pending += buffer[..<count]
        return true
    }
}
