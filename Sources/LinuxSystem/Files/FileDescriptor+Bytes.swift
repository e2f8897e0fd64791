import CLinux

extension FileDescriptor {
    /// Opens a file, close-on-exec; `mode` counts only with `create`.
    public static func open(
        _ path: String, _ flags: OpenFlags = .readOnly, mode: UInt32 = 0o600
    ) throws(SystemError) -> FileDescriptor {
        let rawValue = try SystemCall.answer("open", path) {
            romana_open(path, flags.rawValue, mode_t(mode))
        }
        return FileDescriptor(owning: rawValue)
    }

    /// Reads at most `count` bytes; empty at the end, nil where it would have to wait.
    public func read(upTo count: Int) throws(SystemError) -> [UInt8]? {
        var bytes: [UInt8] = []
        return try read(appendingTo: &bytes, upTo: count) == nil ? nil : bytes
    }

    /// Reads at most `count` bytes behind those already in the array; 0 at the end, nil where it would have to wait.
    public func read(appendingTo bytes: inout [UInt8], upTo count: Int) throws(SystemError) -> Int? {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { room.deallocate() }
        let got = try SystemCall.answerUnlessWaiting("read", "descriptor \(rawValue)") {
            let count = CLinux.read(rawValue, room.baseAddress, room.count)
            return count < 0 ? Int(-romana_errno()) : count
        }
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<(got ?? 0)]))
        return got
    }

    /// Reads to the end.
    ///
    /// Throws EFBIG past `limit` bytes.
    public func readAll(limit: Int = 16 << 20) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            guard let count = try read(appendingTo: &bytes, upTo: 16 << 10) else {
                throw SystemError(operation: "read", subject: "descriptor \(rawValue)", errno: .EAGAIN)
            }
            if count == 0 { return bytes }
            if bytes.count > limit {
                throw SystemError(operation: "read", subject: "more than \(limit) bytes", errno: .EFBIG)
            }
        }
    }

    /// Writes once, from an offset; answers how many bytes were taken, nil where it would have to wait.
    public func write(_ bytes: [UInt8], from offset: Int = 0) throws(SystemError) -> Int? {
        try SystemCall.answerUnlessWaiting("write", "descriptor \(rawValue)") {
            bytes.withUnsafeBytes { buffer -> Int in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[offset...])
                let count = CLinux.write(rawValue, rest.baseAddress, rest.count)
                return count < 0 ? Int(-romana_errno()) : count
            }
        }
    }

    /// Writes everything, waiting as needed.
    ///
    /// Throws EAGAIN on a full descriptor that does not wait.
    public func writeAll(_ bytes: [UInt8]) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            guard let count = try write(bytes, from: written) else {
                throw SystemError(operation: "write", subject: "descriptor \(rawValue)", errno: .EAGAIN)
            }
            written += count
        }
    }
}
