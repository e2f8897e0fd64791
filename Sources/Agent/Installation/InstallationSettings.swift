/// What the agent puts on its node for container runtimes, and where.
public struct InstallationSettings: Hashable, Sendable {
    /// The name of the plugin's file.
    static let pluginName = "romana-cni"
    /// The name of the network configuration's file; runtimes take the first by name.
    static let configurationName = "10-romana.conflist"

    /// The plugin that is put in place.
    public var plugin: String
    /// Where runtimes look for plugins.
    public var pluginFolder: String
    /// Where runtimes look for networks.
    public var configurationFolder: String
    /// The socket that the plugin is told of.
    public var agentSocket: String
    /// A folder on a tmpfs, for what is remembered of the node as it was.
    public var runDirectory: String

    /// Where the plugin is put.
    var pluginPath: String { "\(pluginFolder)/\(Self.pluginName)" }
    /// Where the configuration is put.
    var configurationPath: String { "\(configurationFolder)/\(Self.configurationName)" }
    /// Where the folders are remembered that had to be made.
    var foldersPath: String { "\(runDirectory)/\(MadeFolders.fileName)" }
}
