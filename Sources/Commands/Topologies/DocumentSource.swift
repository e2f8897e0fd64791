import CNIProtocol
import LinuxSystem
import YAML

/// A document that the operator hands over: a file, or standard input.
struct DocumentSource {
    /// What kind of document it is, for messages.
    let noun: String
    /// Its path, nil for standard input.
    let path: String?

    /// A file; without one, or with `-`, standard input.
    init(_ noun: String, file: String?) {
        self.noun = noun
        path = file == "-" ? nil : file
    }

    /// Reads bytes that are JSON or YAML.
    func read(_ console: Console) throws(CommandError) -> JSONValue {
        let bytes = try bytes(console)
        guard isYAML(bytes) else { return try json(bytes) }
        do throws(YAMLError) {
            return try JSONValue(parsingYAML: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw failure("\(error)")
        }
    }

    /// Reads one document of JSON, or any number of YAML with `---` between them.
    func documents(_ console: Console) throws(CommandError) -> [JSONValue] {
        let bytes = try bytes(console)
        guard isYAML(bytes) else { return bytes.isEmpty ? [] : [try json(bytes)] }
        do throws(YAMLError) {
            return try JSONValue.documents(parsingYAML: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw failure("\(error)")
        }
    }

    private func bytes(_ console: Console) throws(CommandError) -> [UInt8] {
        do throws(SystemError) {
            guard let path else { return try console.input() }
            return try FileSystem.readFile(path)
        } catch {
            throw CommandError(error)
        }
    }

    private func json(_ bytes: [UInt8]) throws(CommandError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw failure("\(error)")
        }
    }

    /// JSON is told by its first bracket, unless the file's name says otherwise.
    private func isYAML(_ bytes: [UInt8]) -> Bool {
        if let path, path.hasSuffix(".yaml") || path.hasSuffix(".yml") { return true }
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return first.map { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "[") } ?? false
    }

    /// What is wrong with what was read.
    func failure(_ reason: String) -> CommandError {
        CommandError("read \(noun) from \(path ?? "standard input"): \(reason)")
    }
}
