import ArgumentParser

/// `romana topology`.
struct TopologyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology", abstract: "How networks are cut along racks and zones.",
        subcommands: [TopologyList.self, TopologyUpdate.self, TopologyCheck.self])

    @OptionGroup(title: "Common options") var options: GlobalOptions
}
