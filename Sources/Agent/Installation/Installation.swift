import LinuxSystem

/// romana-cni and its network configuration, as they are to be on the node.
///
/// The plugin is there from the start, since pods that run need it for their DEL. The configuration comes last, when the
/// agent can serve, for from then on a runtime sends pods. Once there it stays, whether the agent can serve or not:
/// without it a runtime would take another network, or none.
struct Installation {
    /// What was found and done in one round.
    struct Round: Hashable, Sendable {
        /// What was done, each as a sentence.
        var deeds: [String] = []
        /// What could not be, each as a sentence.
        var problems: [String] = []
        /// Whether each file is in its place.
        var isPluginPlaced = false
        var isConfigurationPlaced = false
        /// Configurations of others that come before ours.
        var rivals: [String] = []
    }

    private let settings: InstallationSettings
    private var plugin: PlacedFile?
    private var configuration: PlacedFile
    private var folders: MadeFolders
    private var mayConfigure = false

    init(_ settings: InstallationSettings) {
        self.settings = settings
        folders = MadeFolders(path: settings.foldersPath)
        configuration = PlacedFile(
            path: settings.configurationPath,
            contents: Array(NetworkConfiguration.text(agentSocket: settings.agentSocket).utf8), mode: 0o644)
    }

    /// Looks at everything, and puts in place what is not; `isReady` says whether the agent can serve.
    mutating func keep(isReady: Bool) -> Round {
        var round = Round()
        do throws(SystemError) {
            if plugin == nil { plugin = try readPlugin() }
            if let deed = try plugin?.place(&folders) { round.deeds.append(deed) }
            round.isPluginPlaced = true
        } catch {
            round.problems.append("\(error)")
        }
        mayConfigure = mayConfigure || isReady && round.isPluginPlaced
        if mayConfigure {
            do throws(SystemError) {
                if let deed = try configuration.place(&folders) { round.deeds.append(deed) }
                round.isConfigurationPlaced = true
            } catch {
                round.problems.append("\(error)")
            }
        }
        let names = (try? FileSystem.listDirectory(settings.configurationFolder)) ?? []
        round.rivals = NetworkConfiguration.rivals(among: names)
        return round
    }

    private func readPlugin() throws(SystemError) -> PlacedFile {
        let bytes = try FileSystem.readFile(settings.plugin, limit: 64 << 20)
        // The magic number of ELF: a runtime's shell would take anything else for a script.
        guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else {
            throw SystemError(operation: "install", subject: settings.plugin, errno: .ENOEXEC)
        }
        return PlacedFile(path: settings.pluginPath, contents: bytes, mode: 0o755)
    }
}
