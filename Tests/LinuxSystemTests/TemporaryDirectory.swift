import Glibc
import LinuxSystem

/// A directory that goes, with everything in it, when its test ends.
final class TemporaryDirectory {
    let path: String

    init() throws(SystemError) {
        path = "/tmp/linuxsystem-\(try RandomBytes.make(8).map { String($0, radix: 16) }.joined())"
        try FileSystem.makeDirectory(path)
    }

    deinit {
        for name in (try? FileSystem.listDirectory(path)) ?? [] { _ = try? FileSystem.unlink("\(path)/\(name)") }
        _ = try? FileSystem.removeDirectory(path)
    }
}

/// Whether the number is an open descriptor of this process.
func isOpen(_ fd: Int32) -> Bool { fcntl(fd, F_GETFD) >= 0 }
