import ArgumentParser
import Release

/// The command `romana`: nouns below it, verbs below those.
struct RomanaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "romana",
        abstract: "See and change a Romana pod network.",
        discussion: """
            Hosts, networks, blocks and the topology are the daemon's; pods, routes and the state of an agent are \
            asked of the agents' own sockets, on the node.

            Settings come from options, then from the environment (ROMANA_ROOTURL, ROMANA_FORMAT, ROMANA_VERBOSE, or \
            the same without ROMANA_), then from the file of --config, $HOME/.romana.yaml or /etc/romana/cli.yaml \
            (RootURL, Format, Verbose, AgentSocket).

            Exit status: 0 when all went well, 1 when something was refused or not reached, 2 for a command line \
            that makes no sense.
            """,
        version: Release.version,
        subcommands: [
            HostCommand.self, NetworkCommand.self, BlockCommand.self, TopologyCommand.self, PodCommand.self,
            RouteCommand.self, AgentCommand.self,
        ])

    @OptionGroup var options: GlobalOptions
}
