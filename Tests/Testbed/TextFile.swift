import LinuxSystem

/// Small files of text, read and written whole.
public enum TextFile {
    /// The contents of a file; nil when it cannot be read.
    public static func read(_ path: String) -> String? {
        guard let bytes = try? FileSystem.readFile(path, limit: 256 << 20) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The last lines of a file, each cut at 300 characters; empty when it cannot be read.
    public static func lastLines(_ count: Int, of path: String) -> String {
        guard let text = read(path) else { return "" }
        return text.split(separator: "\n").suffix(count).map { String($0.prefix(300)) }.joined(separator: "\n")
    }

    /// Writes a file with the mode 0644, or another one.
    public static func write(_ text: String, to path: String, mode: UInt32 = 0o644) throws(TestbedError) {
        try TestbedError.converting { () throws(SystemError) in
            try FileSystem.atomicWrite(path, Array(text.utf8), mode: mode)
        }
    }
}
