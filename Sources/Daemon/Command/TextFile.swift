import Glibc

/// A small file that a flag names.
enum TextFile {
    /// The most that is read, in bytes.
    static let largest = 4 << 20

    /// The bytes of a file.
    ///
    /// Throws an invalid request that names the file and what the system said.
    static func read(_ path: String) throws(DaemonError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw failure(path) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= largest else {
                throw DaemonError(.invalid, "read \(path): it is larger than \(largest) bytes")
            }
        }
    }

    /// The text of a file with one secret in it, without the line end that editors add.
    static func secret(_ path: String) throws(DaemonError) -> String {
        guard let text = String(validating: try read(path), as: UTF8.self) else {
            throw DaemonError(.invalid, "read \(path): it is not utf-8")
        }
        return String(text.reversed().drop { $0.isNewline }.reversed())
    }

    private static func failure(_ path: String) -> DaemonError {
        DaemonError(.invalid, "read \(path): \(String(cString: strerror(errno)).lowercased())")
    }
}
