import CLinux

/// Whole files and directories by path.
public enum FileSystem {
    /// The contents of a file.
    ///
    /// Throws EFBIG past `limit` bytes.
    public static func readFile(_ path: String, limit: Int = 16 << 20) throws(SystemError) -> [UInt8] {
        let file = try FileDescriptor.open(path)
        do {
            return try file.readAll(limit: limit)
        } catch {
            throw SystemError(operation: "read", subject: path, errno: error.errno)
        }
    }

    /// What the names of temporary neighbours end with, which a crash may leave behind.
    public static let draftSuffix = ".new"

    /// Writes a file so that a reader sees the old contents or the new, never a part: a temporary neighbour renamed.
    ///
    /// With `durable` the contents are on the disk before the rename; leave it out on a tmpfs.
    public static func atomicWrite(
        _ path: String, _ bytes: [UInt8], mode: UInt32 = 0o600, durable: Bool = false
    ) throws(SystemError) {
        let temporary = "\(path).\(getpid())-\(romana_thread_id())\(draftSuffix)"
        do {
            let file = try FileDescriptor.open(temporary, [.writeOnly, .create, .truncate], mode: mode)
            try file.writeAll(bytes)
            if durable { try SystemCall.result("sync", temporary) { fsync(file.rawValue) } }
            try rename(temporary, to: path)
        } catch {
            _ = CLinux.unlink(temporary)
            throw SystemError(operation: "write", subject: path, errno: error.errno)
        }
    }

    /// Makes a directory and every missing one above it; one that is there already is left as it is.
    public static func makeDirectory(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
        if isDirectory(path) { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeDirectory(String(path[..<slash]), mode: mode)
        }
        do {
            try SystemCall.result("make directory", path) { mkdir(path, mode_t(mode)) }
        } catch {
            if error.errno == .EEXIST, isDirectory(path) { return }
            throw error
        }
    }

    /// Gives a file another name on the same file system, replacing what was there.
    public static func rename(_ path: String, to target: String) throws(SystemError) {
        try SystemCall.result("rename", "\(path) to \(target)") { CLinux.rename(path, target) }
    }

    /// Removes a file; false if there was none.
    @discardableResult
    public static func unlink(_ path: String) throws(SystemError) -> Bool {
        do {
            try SystemCall.result("remove", path) { CLinux.unlink(path) }
            return true
        } catch {
            if error.errno == .ENOENT { return false }
            throw error
        }
    }

    /// Removes an empty directory; false if there was none.
    @discardableResult
    public static func removeDirectory(_ path: String) throws(SystemError) -> Bool {
        do {
            try SystemCall.result("remove directory", path) { rmdir(path) }
            return true
        } catch {
            if error.errno == .ENOENT { return false }
            throw error
        }
    }

    /// Who may do what with a file, as the lowest 12 bits of its mode.
    public static func mode(_ path: String) throws(SystemError) -> UInt32 {
        var status = stat()
        try SystemCall.result("look at", path) { stat(path, &status) }
        return UInt32(status.st_mode) & 0o7777
    }

    /// Says who may do what with a file.
    public static func setMode(_ path: String, _ mode: UInt32) throws(SystemError) {
        try SystemCall.result("set mode of", path) { chmod(path, mode_t(mode)) }
    }

    /// Whether anything can be found at the path.
    public static func fileExists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Whether the process may run the file at the path.
    public static func isExecutable(_ path: String) -> Bool {
        access(path, X_OK) == 0 && !isDirectory(path)
    }

    /// Whether the path leads to a directory.
    public static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & mode_t(S_IFMT) == mode_t(S_IFDIR)
    }

    /// The names in a directory, sorted, without `.` and `..`.
    public static func listDirectory(_ path: String) throws(SystemError) -> [String] {
        guard let directory = opendir(path) else {
            throw SystemError(operation: "list", subject: path, errno: Errno(rawValue: romana_errno()))
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
