import ArgumentParser

/// `romana network`.
struct NetworkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network", abstract: "The ranges that pods' addresses come from.",
        subcommands: [
            NetworkList.self, NetworkShow.self, NetworkAdd.self, NetworkRemove.self, BlackoutCommand.self,
        ])

    @OptionGroup(title: "Common options") var options: GlobalOptions
}
