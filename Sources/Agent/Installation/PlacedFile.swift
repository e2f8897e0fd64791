import LinuxSystem

/// A file that the agent keeps in its place on the node.
///
/// It appears whole or not at all, and is written only where it differs: runtimes load their folder anew at every change.
struct PlacedFile {
    /// Where it belongs.
    let path: String
    /// What is in it.
    let contents: [UInt8]
    /// Who may do what with it.
    let mode: UInt32
    /// Its stamp when it was last as it must be; nil when that is not known.
    private var stamp: FileStamp?

    init(path: String, contents: [UInt8], mode: UInt32) {
        self.path = path
        self.contents = contents
        self.mode = mode
    }

    /// Its folder.
    private var folder: String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }

    /// Puts it in place where it is missing or another; what was done, nil when nothing had to be.
    mutating func place(_ folders: inout MadeFolders) throws(SystemError) -> String? {
        let current = try? FileStamp(path)
        if let current, current == stamp { return nil }
        if current != nil, try isWhole() {
            stamp = current
            return nil
        }
        try folders.make(folder)
        try FileSystem.atomicWrite(path, contents, mode: mode)
        // Our own umask counts for nothing here: whoever runs the plugin is another process.
        try FileSystem.setMode(path, mode)
        stamp = try FileStamp(path)
        return current == nil ? "put \(path) in place" : "replaced \(path): it was another"
    }

    /// Whether what is there has the contents and the mode.
    private func isWhole() throws(SystemError) -> Bool {
        guard try FileSystem.mode(path) == mode else { return false }
        do {
            return try FileSystem.readFile(path, limit: contents.count + 1) == contents
        } catch {
            // Larger than it should be, or a folder.
            if error.errno == .EFBIG || error.errno == .EISDIR { return false }
            throw error
        }
    }
}
