import ArgumentParser

/// A command that shows something, once or, with `--watch`, whenever it changes.
protocol ViewCommand: AsyncParsableCommand, Sendable {
    var options: GlobalOptions { get }
    var watching: WatchOptions { get }

    /// Asks and gathers.
    func view(_ session: Session) async throws(CommandError) -> View
}

extension ViewCommand {
    func run() async throws { try await look() }

    /// Shows what there is, once or for as long as it is wanted.
    func look() async throws {
        let session = try Session(options)
        let view: @Sendable () async throws(CommandError) -> View = { [self] () async throws(CommandError) in
            try await self.view(session)
        }
        guard watching.watch else { return try session.show(try await view()) }
        try await Watch(session: session, interval: watching.interval, look: view).run()
    }
}

/// The options of commands that can go on looking.
struct WatchOptions: ParsableArguments, Sendable {
    @Flag(name: [.short, .long], help: "Go on, and show it again whenever it changes.")
    var watch = false

    @Option(help: ArgumentHelp("How often to look with --watch.", valueName: "seconds"))
    var interval = 2.0

    func validate() throws {
        guard interval >= 0.1, interval <= 86_400 else {
            throw ValidationError("--interval \(interval): 0.1 to 86400 seconds are possible")
        }
    }
}
