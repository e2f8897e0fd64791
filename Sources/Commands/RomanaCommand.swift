import ArgumentParser
import Release

/// The command `romana`: nouns below it, verbs below those.
struct RomanaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "romana",
        abstract: "See and change a Romana pod network.",
        discussion: """
            Hosts, networks, blocks, policies and the topology are the daemon's. Pods, routes and the state of an agent \
            are asked of the agents: of the one on this node by its socket, or with -A of all of them.

            SETTINGS come from options; else from the environment; else from the file of --config, $HOME/.romana.yaml \
            or /etc/romana/cli.yaml, the first that is there; else they have a default. In the file a setting is a line \
            such as RootURL: http://10.0.0.1:9600, in the environment it is ROMANA_ and its name in capitals:

              RootURL      where daemons are, with commas between; also ROMANA_DAEMON_URL
              Format       table, json or yaml
              Verbose      true or false
              CACert       a file with the authorities to trust
              Cert, Key    files with the certificate to show and its key
              Token        the bearer token to show
              TokenFile    the file that has it
              AgentSocket  the socket of this node's agent

            After all other variables, ROMANA_SERVICE_HOST and ROMANA_SERVICE_PORT_DAEMON name a daemon, as every pod of \
            its namespace has them. Where nothing does, \(Settings.defaultRootURL) is tried, then what this node's agent \
            knows.

            EXIT STATUS is 0 when all went well, 1 when something was refused or failed, 2 when no daemon (or no agent) \
            could be reached, 64 for a command line or settings that make no sense. Results go to standard output, \
            everything else to standard error.
            """,
        version: Release.version,
        subcommands: [
            NodeCommand.self, HostCommand.self, NetworkCommand.self, BlockCommand.self, PolicyCommand.self,
            TopologyCommand.self,
            IPAMCommand.self, EventCommand.self, PodCommand.self, RouteCommand.self, AgentCommand.self,
            DoctorCommand.self,
            CompletionCommand.self,
        ])

    @OptionGroup(title: "Common options") var options: GlobalOptions
}
