import Glibc
import LinuxSystem

/// A directory under `TMPDIR`, or /tmp, removed with everything in it by `remove()`.
public struct TemporaryDirectory: Sendable, Hashable {
    /// Where all of them are made.
    static var root: String { ProcessEnvironment.value("TMPDIR") ?? "/tmp" }

    /// Its path, without a slash at the end.
    public let path: String

    /// Makes `romana-NAME-XXXXXX`, mode 0700.
    public init(_ name: String) throws(TestbedError) {
        var template = Array("\(Self.root)/romana-\(name)-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) } != nil
        }
        guard made else { throw TestbedError("make a directory under \(Self.root): \(Errno(rawValue: errno))") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Makes a directory inside, with its parents.
    /// - Returns: its path.
    @discardableResult
    public func directory(_ name: String) throws(TestbedError) -> String {
        let path = file(name)
        try TestbedError.converting { () throws(SystemError) in try FileSystem.makeDirectory(path) }
        return path
    }

    /// The path of a file inside.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Names of what is in a directory, sorted; empty when it is missing.
    public static func names(in path: String) -> [String] {
        (try? FileSystem.listDirectory(path)) ?? []
    }

    /// Removes what is inside one of its directories, without following symbolic links.
    public func empty(_ name: String) {
        for entry in Self.names(in: file(name)) { Self.remove("\(file(name))/\(entry)") }
    }

    /// Removes it as `rm -rf` does, without following symbolic links.
    public func remove() {
        Self.remove(path)
    }

    private static func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            unlink(path)
            return
        }
        for name in names(in: path) { remove("\(path)/\(name)") }
        rmdir(path)
    }
}
