public import ArgumentParser
import KubernetesAPI
import Logging
import UnixSignals

/// `romana-agent uninstall`: leaves the node as it was before the first agent.
public struct UninstallCommand: AsyncParsableCommand {
    /// How the command introduces itself.
    public static let configuration = CommandConfiguration(
        commandName: "romana-agent uninstall",
        abstract: "Leaves the node as it was before the agent.",
        discussion: """
            In this order: the network's configuration, so that no pod comes any more; pods' links, with --with-pods; \
            policy and translation (nft); routes and rules; settings of the kernel that the agent changed, unless \
            somebody has changed them since; the plugin; journal, socket and folders; what the agent said of the node \
            in the Kubernetes API, where there is one. The agent must have ended. What others put there stays. A \
            second run finds nothing to do.
            """,
        version: AgentVersion.current)

    @OptionGroup(title: "Node") var place: PlaceOptions
    @OptionGroup(title: "Installation") var folders: InstallationFolders

    @Flag(help: "Take running pods' links as well; without it nothing is done where pods still run.")
    var withPods = false

    @Flag(help: "Do not end when all is done, until told to: for containers that would be started again.")
    var stay = false

    @OptionGroup var name: NameOptions
    @OptionGroup(title: "Kubernetes") var kubernetes: KubernetesOptions
    @OptionGroup var log: LogOptions

    /// Needed by the parser.
    public init() {}

    /// Takes everything away; fails when something could not be.
    public func run() async throws {
        let (logger, settings) = try log.started(makeSettings)
        var uninstallation = Uninstallation(settings.installation, withPods: withPods, logger: logger)
        guard uninstallation.run() else { throw ExitCode.failure }
        if let kubernetes = settings.kubernetes {
            let client = KubernetesClient(kubernetes, agent: "romana-agent/\(AgentVersion.current)", logger: logger)
            defer { client.shutdown() }
            do throws(KubernetesAPIError) {
                if try await NetworkCondition.takeBack(from: settings.node, client) {
                    logger.info("removed \(NetworkCondition.type) of node \(settings.node)")
                }
            } catch {
                logger.error("uninstall: \(error)")
                throw ExitCode.failure
            }
        }
        guard stay else { return }
        logger.info("the node is as it was; waiting to be ended")
        for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { break }
    }
    private struct Settings {
        var node: String
        var installation: InstallationSettings
        var kubernetes: KubernetesConfiguration?
    }

    private func makeSettings() throws -> Settings {
        Settings(
            node: try name.name(),
            installation: InstallationSettings(
                plugin: "", pluginFolder: folders.pluginFolder, configurationFolder: folders.configurationFolder,
                agentSocket: place.agentSocket, runDirectory: place.runDirectory),
            kubernetes: try kubernetes.configuration())
    }
}
