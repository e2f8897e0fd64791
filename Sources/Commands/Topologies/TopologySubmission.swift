import CNIProtocol

/// A topology that is to replace the one in force, or only to be tried.
struct TopologySubmission {
    let document: JSONValue
    let isDryRun: Bool

    /// Sends it and tells what came of it.
    func send(_ session: Session, done sentence: String) async throws {
        let answer = try await session.daemon.post("/topology\(isDryRun ? "?dryRun=true" : "")", document)
        guard isDryRun else { return try session.confirm(sentence, answer) }
        try session.show(View(answer) { [TopologyEffect(answer)] })
    }
}
