import Logging

/// Keeps what is installed on the node as it must be, off the dataplane thread.
struct InstallationKeeper: Sendable {
    let settings: InstallationSettings
    let inbox: DataplaneInbox
    let board: InstallationBoard
    /// Told whenever others' configurations come before ours, and (nil) when none does any more.
    let tellRivals: @Sendable (String?) -> Void
    let logger: Logger

    /// How often it looks, as long as the agent is not ready and afterwards.
    private static let paces = (before: Duration.milliseconds(300), after: Duration.seconds(2))

    /// Looks and mends until the task is cancelled; what is there then stays.
    func run() async {
        var installation = Installation(settings)
        var isReady = false
        var last = Installation.Round()
        while !Task.isCancelled {
            if !isReady { isReady = await inbox.report().problem == nil }
            if Task.isCancelled { break }
            let round = installation.keep(isReady: isReady)
            for deed in round.deeds { logger.notice("\(deed)") }
            for problem in round.problems where !last.problems.contains(problem) { logger.error("\(problem)") }
            if round.rivals != last.rivals {
                let sentence = Self.sentence(round.rivals, in: settings.configurationFolder)
                if let sentence { logger.warning("\(sentence)") }
                tellRivals(sentence)
            }
            board.note(round, in: settings)
            last = round
            try? await Task.sleep(for: isReady ? Self.paces.after : Self.paces.before)
        }
    }

    /// What an operator is to know of configurations that come before ours; nil when there are none.
    static func sentence(_ rivals: [String], in folder: String) -> String? {
        guard let first = rivals.first else { return nil }
        return """
            \(folder)/\(first) comes before \(InstallationSettings.configurationName): container runtimes take the \
            first, and pods get that network; remove it, or name it with a later name
            """
    }
}
