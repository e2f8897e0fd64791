import Glibc

/// Small files read and written whole.
public enum TextFile {
    /// The contents of a file; nil when it cannot be read.
    public static func read(_ path: String) -> String? {
        bytes(of: path, from: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The last `count` bytes of a file, as text; empty when it cannot be read.
    public static func tail(of path: String, bytes count: Int) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return "" }
        let bytes = bytes(of: path, from: max(0, Int(status.st_size) - count)) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes a file with the mode 0644, or another one.
    public static func write(_ text: String, to path: String, mode: UInt32 = 0o644) throws(TestbedError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw TestbedError("write \(path): \(String(cString: strerror(errno)).lowercased())")
        }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else {
                throw TestbedError("write \(path): \(String(cString: strerror(errno)).lowercased())")
            }
            bytes = bytes.dropFirst(written)
        }
    }

    /// Everything from an offset on, read through the path.
    static func bytes(of path: String, from offset: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return bytes(of: descriptor, from: offset)
    }

    /// Everything from an offset on, read through a descriptor.
    static func bytes(of descriptor: Int32, from offset: Int) -> [UInt8]? {
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = pread(descriptor, &chunk, chunk.count, off_t(offset + result.count))
            guard count >= 0 else { return nil }
            if count == 0 { return result }
            result += chunk[..<count]
        }
    }
}
