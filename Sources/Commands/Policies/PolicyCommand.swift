import ArgumentParser

/// `romana policy`.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Policies: who may talk to whom.",
        subcommands: [
            PolicyList.self, PolicyShow.self, PolicyAdd.self, PolicyRemove.self, PolicyExplain.self, PolicyTest.self,
        ])

    @OptionGroup(title: "Common options") var options: GlobalOptions
}
