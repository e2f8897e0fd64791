public import ArgumentParser

/// `romana-agent`: what its arguments say is to be run.
///
/// The parser's own subcommands would take the options of the node out of `romana-agent --help`, so the first word is
/// looked at here.
public enum AgentProgram {
    /// The commands that the first word can name, in the order of the help.
    static let subcommands: [any AsyncParsableCommand.Type] = [DutiesCommand.self, UninstallCommand.self]

    /// The command for the arguments that follow the program's name, and those that it gets.
    public static func command(
        for arguments: [String]
    ) -> (command: any AsyncParsableCommand.Type, arguments: [String]) {
        guard let word = arguments.first, let command = subcommands.first(where: { $0.isCalled(word) }) else {
            return (AgentCommand.self, arguments)
        }
        return (command, Array(arguments.dropFirst()))
    }

    /// Runs what the process's arguments say, and ends the process when that fails.
    public static func main() async {
        let (command, arguments) = command(for: Array(CommandLine.arguments.dropFirst()))
        await command.main(arguments)
    }
}

extension ParsableCommand {
    /// Whether a word asks for it: the last one of its name.
    fileprivate static func isCalled(_ word: String) -> Bool {
        configuration.commandName?.hasSuffix(" \(word)") ?? false
    }
}
