import FoundationEssentials

/// Debian's `ip`, the second opinion on what the kernel holds.
public enum IPRoute2 {
    /// Runs lines of `ip` in one process, in order; the first that fails ends it.
    ///
    /// - Parameter options: what holds for all lines, such as `-6`.
    public static func batch(
        _ lines: [String], options: [String] = [], in namespace: Namespace? = nil
    ) async throws(TestbedError) {
        let program = Program("ip", options + ["-batch", "-"], namespace: namespace?.path)
        let result = try await program.run(input: Array((lines.joined(separator: "\n") + "\n").utf8))
        guard result.status.isSuccess else {
            throw TestbedError("ip -batch: \(result.errorText) in:\n\(lines.joined(separator: "\n"))")
        }
    }

    /// What `ip -json ARGUMENTS` answers.
    public static func list<Item: Decodable>(
        _ type: Item.Type = Item.self, _ arguments: String, in namespace: Namespace?
    ) async throws(TestbedError) -> [Item] {
        let words = ["-json"] + arguments.split(separator: " ").map(String.init)
        let text = try await Program("ip", words, namespace: namespace?.path).text()
        return try JSON.decode([Item].self, from: text.isEmpty ? "[]" : text, of: "ip \(arguments)")
    }
}

/// JSON documents that other programs print.
public enum JSON {
    /// Reads a value from a document that `source` printed.
    public static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from text: String, of source: String
    ) throws(TestbedError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw TestbedError("read what \(source) printed: \(error): \(text.prefix(400))")
        }
    }
}
