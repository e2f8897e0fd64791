import ArgumentParser
import CNIProtocol

/// `romana event`.
struct EventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "What the daemon thinks operators should know of.",
        subcommands: [EventList.self])

    @OptionGroup(title: "Common options") var options: GlobalOptions
}

/// `romana event list`.
struct EventList: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the latest events: groups that are full, blocks that spilled, changes.",
        discussion: "They are those that one daemon saw since it was started, the latest last; times are UTC.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions
    @Option(help: ArgumentHelp("Only those after the one of this number.", valueName: "number")) var after: UInt64?

    func view(_ session: Session) async throws(CommandError) -> View {
        let document = try await session.daemon.get("/v1/events" + (after.map { "?after=\($0)" } ?? ""))
        return View(document) {
            var table = Table(
                [
                    .init("Number", isNumber: true, .minor), .init("Time"), .init("Kind"), .init("Subject", .minor),
                    .init("Count", isNumber: true, .minor), .init("Message", .key),
                ], empty: "There are no events.")
            for event in document["events"]?.arrayValue ?? [] {
                let kind = event["kind"].shown
                table.add([
                    .init(event["number"].shown),
                    .init(event["time"]?.intValue.map(UTCTime.text) ?? event["time"].shown),
                    .init(kind, ["spill", "group-full"].contains(kind) ? .warning : .plain),
                    .init(event["subject"].shown), .init(event["count"].shown), .init(event["message"].shown),
                ])
            }
            return [table]
        }
    }
}
