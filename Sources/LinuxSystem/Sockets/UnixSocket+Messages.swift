import CLinux

extension UnixSocket {
    /// Sends bytes from an offset, and with the first of them duplicates of open descriptors (SCM_RIGHTS).
    ///
    /// Answers how many bytes were taken, nil if none could be without waiting; if any were, the descriptors went
    /// too. Throws EPIPE, and never raises SIGPIPE, when the other side has closed. At most 16 descriptors; with
    /// descriptors there must be at least one byte.
    public func send(_ bytes: [UInt8], from offset: Int = 0, descriptors: [Int32] = []) throws(SystemError) -> Int? {
        try SystemCall.answerUnlessWaiting("send on", "descriptor \(rawValue)") {
            bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[offset...])
                return romana_unix_send(rawValue, rest.baseAddress, rest.count, descriptors, descriptors.count)
            }
        }
    }

    /// Sends everything on a connection that waits.
    ///
    /// Throws ETIMEDOUT when its send timeout passes.
    public func sendAll(_ bytes: [UInt8], descriptors: [Int32] = []) throws(SystemError) {
        var sent = 0
        while sent < bytes.count {
            guard let count = try send(bytes, from: sent, descriptors: sent == 0 ? descriptors : []) else {
                throw SystemError(operation: "send on", subject: "descriptor \(rawValue)", errno: .ETIMEDOUT)
            }
            sent += count
        }
    }

    /// Receives at most `count` bytes behind those in `bytes`, and the descriptors that came with them.
    ///
    /// Answers 0 when the other side has finished, nil where there is nothing without waiting.
    public func receive(
        appendingTo bytes: inout [UInt8], descriptors: inout DescriptorList, upTo count: Int = 16 << 10
    ) throws(SystemError) -> Int? {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { room.deallocate() }
        var passed: [Int32] = Array(repeating: -1, count: DescriptorList.roomPerMessage)
        var passedCount = 0
        let got = try SystemCall.answerUnlessWaiting("receive on", "descriptor \(rawValue)") {
            romana_unix_receive(rawValue, room.baseAddress, room.count, &passed, passed.count, &passedCount)
        }
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<(got ?? 0)]))
        descriptors.append(owning: passed.prefix(passedCount))
        return got
    }

    /// Receives bytes only; descriptors that come with them are closed.
    public func receive(appendingTo bytes: inout [UInt8], upTo count: Int = 16 << 10) throws(SystemError) -> Int? {
        var ignored = DescriptorList()
        return try receive(appendingTo: &bytes, descriptors: &ignored, upTo: count)
    }
}
