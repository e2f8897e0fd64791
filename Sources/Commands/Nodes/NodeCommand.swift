import ArgumentParser

/// `romana node`.
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "The nodes: whether their agents live and are ready, and why not.",
        subcommands: [NodeList.self, NodeShow.self])

    @OptionGroup(title: "Common options") var options: GlobalOptions
}
