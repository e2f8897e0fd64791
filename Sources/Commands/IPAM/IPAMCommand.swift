import ArgumentParser

/// `romana ipam`.
struct IPAMCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ipam", abstract: "Who has which addresses, and whether all agree.", subcommands: [IPAMCheck.self])

    @OptionGroup(title: "Common options") var options: GlobalOptions
}
