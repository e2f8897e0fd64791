import LinuxSystem

/// A settings file: one `Key: value` a line, which is the part of YAML that such files have ever used.
struct SettingsFile {
    private var values: [String: String] = [:]

    /// The value of a key, upper and lower case being the same; nil if it is not there.
    subscript(key: String) -> String? { values[key.lowercased()] }

    /// The file that was named, which must be there, or the first of the usual ones that is.
    static func find(named path: String?, console: Console) throws(CommandError) -> SettingsFile {
        if let path { return try read(path) }
        let home = console.variable("HOME").map { $0 + "/.romana.yaml" }
        for path in [home, "/etc/romana/cli.yaml"].compactMap({ $0 }) where FileSystem.fileExists(path) {
            return try read(path)
        }
        return SettingsFile()
    }

    private static func read(_ path: String) throws(CommandError) -> SettingsFile {
        do throws(SystemError) {
            return try SettingsFile(parsing: String(decoding: FileSystem.readFile(path), as: UTF8.self), path: path)
        } catch {
            throw CommandError(error)
        }
    }

    init() {}
}

extension SettingsFile {
    /// Reads the lines of a file; comments and document marks are passed over.
    init(parsing text: String, path: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmed
            guard !line.hasPrefix("#"), line != "---", let colon = line.firstIndex(of: ":") else { continue }
            values[line[..<colon].trimmed.lowercased()] = Self.scalar(line[line.index(after: colon)...].trimmed)
        }
    }

    /// A value without its quotes, or without the comment behind it.
    private static func scalar(_ text: Substring) -> String {
        for quote: Character in ["\"", "'"] where text.first == quote {
            let inner = text.dropFirst()
            return String(inner[..<(inner.firstIndex(of: quote) ?? inner.endIndex)])
        }
        var value = ""
        for character in text {
            if character == "#", value.last.map(\.isWhitespace) ?? true { break }
            value.append(character)
        }
        return String(value[...].trimmed)
    }
}

extension Substring {
    /// Without white space around it.
    var trimmed: Substring {
        guard let last = lastIndex(where: { !$0.isWhitespace }) else { return self[endIndex...] }
        return self[...last].drop(while: \.isWhitespace)
    }
}
