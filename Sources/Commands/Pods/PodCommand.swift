import ArgumentParser

/// `romana pod`.
struct PodCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pod", abstract: "The pods of nodes, as their agents know them.",
        subcommands: [PodList.self, PodShow.self])

    @OptionGroup(title: "Common options") var options: GlobalOptions
}
