import Glibc
import LinuxSystem

/// A file in a directory of its own, both of which go with the value.
final class TemporaryFile {
    let directory: String
    let path: String

    init(_ text: String, name: String = ".romana.yaml") throws {
        directory = "/tmp/romana-commands-\(UInt64.random(in: 0...(.max)))"
        path = directory + "/" + name
        try FileSystem.makeDirectory(directory)
        try FileSystem.atomicWrite(path, Array(text.utf8))
    }

    deinit {
        unlink(path)
        rmdir(directory)
    }
}
