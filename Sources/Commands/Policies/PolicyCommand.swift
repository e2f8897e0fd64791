import ArgumentParser

/// `romana policy`.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Romana's own policies: who may talk to whom.",
        subcommands: [PolicyList.self, PolicyShow.self, PolicyAdd.self, PolicyRemove.self])

    @OptionGroup(title: "Common options") var options: GlobalOptions
}
