import FoundationEssentials

/// The agent's journal as somebody else reads it: the last line of every attachment counts.
public struct JournalView: Sendable, Hashable {
    private struct Line: Decodable {
        let stage: String
        let id: String
        let `if`: String
    }

    /// The last stage of every attachment, by container id and interface name.
    public let stages: [String: String]

    /// Reads every file in an agent's run directory whose name begins with `journal`.
    public init(in runDirectory: String) {
        var stages: [String: String] = [:]
        for name in TemporaryDirectory.names(in: runDirectory) where name.hasPrefix("journal") {
            for text in (TextFile.read("\(runDirectory)/\(name)") ?? "").split(separator: "\n") {
                guard let line = try? JSONDecoder().decode(Line.self, from: Data(text.utf8)) else { continue }
                stages["\(line.id)/\(line.if)"] = line.stage
            }
        }
        self.stages = stages
    }

    /// The attachments that are not gone.
    public var present: Set<String> { Set(stages.filter { $0.value != "gone" }.keys) }
}
