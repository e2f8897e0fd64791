import CNIProtocol
import LinuxSystem
import YAML

/// A settings file: a mapping in YAML, or in JSON, which is YAML as well.
struct SettingsFile {
    /// Where it is, empty when there is none.
    let path: String
    private let values: [String: String]

    /// The value of a key, upper and lower case being the same; nil if it is not there.
    ///
    /// The elements of a list have commas between them.
    subscript(key: String) -> String? { values[key.lowercased()] }

    /// The file that was named, which must be there, or the first of the usual ones that is.
    static func find(named path: String?, console: Console) throws(CommandError) -> SettingsFile {
        if let path { return try SettingsFile(path: path, text: text(of: path)) }
        let home = console.variable("HOME").map { $0 + "/.romana.yaml" }
        for path in [home, "/etc/romana/cli.yaml"].compactMap({ $0 }) where FileSystem.fileExists(path) {
            return try SettingsFile(path: path, text: text(of: path))
        }
        return SettingsFile()
    }

    /// The text of a file of settings, without white space around it.
    static func text(of path: String) throws(CommandError) -> String {
        do throws(SystemError) {
            let text = String(decoding: try FileSystem.readFile(path), as: UTF8.self)
            guard let first = text.firstIndex(where: { !$0.isNewline }),
                let last = text.lastIndex(where: { !$0.isWhitespace })
            else { return "" }
            return String(text[first...last])
        } catch {
            throw CommandError(error, kind: .usage)
        }
    }

    private init() {
        path = ""
        values = [:]
    }

    private init(path: String, text: String) throws(CommandError) {
        self.path = path
        let document: JSONValue
        do throws(YAMLError) {
            document = try JSONValue(parsingYAML: text)
        } catch {
            throw CommandError("read settings from \(path): \(error)", kind: .usage)
        }
        guard let members = document.isNull ? [] : document.members else {
            throw CommandError("read settings from \(path): it is \(document.kind), not keys and values", kind: .usage)
        }
        values = Dictionary(
            members.map { member in
                let list = member.value.arrayValue?.map { JSONValue?.some($0).shown }.joined(separator: ",")
                return (member.key.lowercased(), list ?? JSONValue?.some(member.value).shown)
            }, uniquingKeysWith: { $1 })
    }
}
