import ArgumentParser

/// `romana completion SHELL`.
struct CompletionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print the script that completes commands and options in a shell.",
        discussion: """
            bash:  romana completion bash > /etc/bash_completion.d/romana
            zsh:   romana completion zsh > "${fpath[1]}/_romana"
            fish:  romana completion fish > ~/.config/fish/completions/romana.fish
            """)

    @Argument(help: "The shell.") var shell: Shell

    /// The shells that scripts are known for.
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish
    }

    func run() async throws {
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        try Console.current.print(RomanaCommand.completionScript(for: kind))
    }
}
