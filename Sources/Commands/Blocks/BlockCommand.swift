import ArgumentParser

/// `romana block`.
struct BlockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "block", abstract: "The blocks of addresses that hosts have been granted.",
        subcommands: [BlockList.self, BlockShow.self, BlockMap.self, BlockAdd.self, BlockRemove.self])

    @OptionGroup(title: "Common options") var options: GlobalOptions
}
