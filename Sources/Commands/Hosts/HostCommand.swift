import ArgumentParser

/// `romana host`.
struct HostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host", abstract: "The nodes that take part in the pod network.",
        subcommands: [HostList.self, HostShow.self, HostAdd.self, HostRemove.self])

    @OptionGroup(title: "Common options") var options: GlobalOptions
}
