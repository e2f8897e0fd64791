import FoundationEssentials

/// A host whose agent holds its lease.
struct LiveHostBody: Encodable, Sendable {
    var name: String
    /// The addresses that the agent was told.
    var addresses: [String]
    /// The agent's version.
    var version: String

    private struct Record: Decodable {
        var addresses: [String]?
        var version: String?
    }

    /// What an agent wrote of itself below `prefix`; nil for a key of another kind.
    init?(_ value: StoredValue, below prefix: String) {
        name = String(value.key.dropFirst(prefix.count))
        guard value.key.hasPrefix(prefix), !name.isEmpty else { return nil }
        let record = try? JSONDecoder().decode(Record.self, from: Data(value.value))
        addresses = record?.addresses ?? []
        version = record?.version ?? ""
    }
}
