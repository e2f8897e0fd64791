import ArgumentParser
import LinuxSystem
import Options

/// Where the agent puts what container runtimes need on the node.
struct InstallationOptions: ParsableArguments {
    @OptionGroup var folders: InstallationFolders

    @Option(
        name: .long, defaultAsFlag: Toggle.on, parsing: .next,
        help: .init(
            """
            Keep romana-cni and 10-romana.conflist in their places (default: false): the plugin at once, the \
            configuration when the agent can serve. Both stay when the agent ends.
            """, valueName: "true|false"))
    var installCNI: Toggle?

    @Option(
        name: .customLong("cni-plugin"),
        help: "The romana-cni that is put in place (default: the one beside the agent's own program).")
    var plugin: String?

    /// As the agent takes it; nil when nothing is to be installed.
    func settings(_ place: PlaceOptions) throws(AgentError) -> InstallationSettings? {
        guard try installCNI?.isOn("--install-cni") ?? false else { return nil }
        let source: String
        if let plugin { source = plugin } else { source = try Self.besideProgram() }
        guard FileSystem.fileExists(source) else { throw AgentError("--cni-plugin \(source): there is no such file") }
        return InstallationSettings(
            plugin: source, pluginFolder: folders.pluginFolder, configurationFolder: folders.configurationFolder,
            agentSocket: place.agentSocket, runDirectory: place.runDirectory)
    }

    private static func besideProgram() throws(AgentError) -> String {
        let program: String
        do {
            program = try ProcessIdentity.executable()
        } catch {
            throw AgentError("--cni-plugin: not given, and the agent's own program is not found: \(error)")
        }
        return "\(program[..<(program.lastIndex(of: "/") ?? program.startIndex)])/\(InstallationSettings.pluginName)"
    }
}

/// The folders that container runtimes look into.
struct InstallationFolders: ParsableArguments {
    @Option(name: .customLong("cni-bin-dir"), help: "Where runtimes look for plugins.")
    var pluginFolder: String = "/opt/cni/bin"

    @Option(name: .customLong("cni-conf-dir"), help: "Where runtimes look for networks.")
    var configurationFolder: String = "/etc/cni/net.d"
}
