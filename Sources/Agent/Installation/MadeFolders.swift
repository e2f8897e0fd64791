import LinuxSystem

/// Folders that the agent had to make for what it installs, so that they go when that goes.
struct MadeFolders {
    /// The name of the file in the run directory that remembers them.
    static let fileName = "made-folders"

    private let path: String
    private(set) var folders: [String]

    /// Reads which there are; none, where there is no file.
    init(path: String) {
        self.path = path
        let bytes = (try? FileSystem.readFile(path)) ?? []
        folders = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Makes a folder and every missing one above it.
    mutating func make(_ folder: String) throws(SystemError) {
        guard !FileSystem.isDirectory(folder) else { return }
        var missing: [String] = []
        var ancestor = folder[...]
        while !ancestor.isEmpty, !FileSystem.fileExists(String(ancestor)) {
            missing.append(String(ancestor))
            ancestor = ancestor[..<(ancestor.lastIndex(of: "/") ?? ancestor.startIndex)]
        }
        // Written first: a folder that is not remembered would never go.
        let remembered = folders + missing.reversed().filter { !folders.contains($0) }
        try FileSystem.atomicWrite(path, Array(remembered.map { $0 + "\n" }.joined().utf8))
        folders = remembered
        try FileSystem.makeDirectory(folder)
    }

    /// Removes those that are empty, the deepest first; gives their paths.
    func remove() -> [String] {
        // What others put there keeps a folder, whatever the kernel calls that.
        folders.reversed().filter { (try? FileSystem.removeDirectory($0)) ?? false }
    }
}
