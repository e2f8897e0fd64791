import Glibc
import LinuxSystem

/// A file without a name that holds what a command says; gone when this is.
struct Scratch: ~Copyable {
    private let file: FileDescriptor

    /// The open file.
    var descriptor: Int32 { file.rawValue }

    /// An empty file under `TMPDIR`.
    init() throws(TestbedError) {
        var path = Array("\(TemporaryDirectory.root)/romana-scratch-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else {
            throw TestbedError("make a file under \(TemporaryDirectory.root): \(Errno(rawValue: errno))")
        }
        // A process started between the two calls would inherit it: harmless, it only holds an unnamed file longer.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(path)
        file = FileDescriptor(owning: descriptor)
    }

    /// Everything written so far.
    func bytes() throws(TestbedError) -> [UInt8] {
        lseek(descriptor, 0, SEEK_SET)
        return try TestbedError.converting { () throws(SystemError) in try file.readAll(limit: 64 << 20) }
    }
}
