import ArgumentParser

/// `romana agent`.
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "The agents of nodes.", subcommands: [AgentStatus.self])

    @OptionGroup(title: "Common options") var options: GlobalOptions
}
