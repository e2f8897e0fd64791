import ArgumentParser

/// `romana block`.
struct BlockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "block", abstract: "The blocks of addresses that hosts have been granted.",
        subcommands: [BlockList.self, BlockShow.self])

    @OptionGroup var options: GlobalOptions
}
