import Glibc

/// A file without a name that holds what a command says; gone when this is.
struct Scratch: ~Copyable {
    let descriptor: Int32

    /// An empty file under /tmp.
    init() throws(TestbedError) {
        var path = Array("/tmp/romana-scratch-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        guard descriptor >= 0 else {
            throw TestbedError("make a file under /tmp: \(String(cString: strerror(errno)).lowercased())")
        }
        // A process started between the two calls would inherit it: harmless, it only holds an unnamed file longer.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(path)
    }

    deinit { close(descriptor) }

    /// Everything written so far.
    var bytes: [UInt8] { TextFile.bytes(of: descriptor, from: 0) ?? [] }
}
