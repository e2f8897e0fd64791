import CLinux

/// What changes whenever a file does: which one it is, how large, and when it was last touched in any way.
public struct FileStamp: Hashable, Sendable {
    private var device: UInt64
    private var inode: UInt64
    private var size: Int64
    private var seconds: Int
    private var nanoseconds: Int

    /// The stamp of what a path leads to.
    ///
    /// Throws ENOENT if that is nothing.
    public init(_ path: String) throws(SystemError) {
        var status = stat()
        try SystemCall.result("look at", path) { stat(path, &status) }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = status.st_ctim.tv_sec
        nanoseconds = status.st_ctim.tv_nsec
    }
}
