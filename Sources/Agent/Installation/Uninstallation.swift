import LinuxSystem
import Logging

/// Takes everything off the node that agents have put there.
struct Uninstallation {
    let installation: InstallationSettings
    let place: PlaceOptions
    let withPods: Bool
    let logger: Logger

    /// Whether everything is gone.
    func run() -> Bool {
        var isWhole = true
        for path in [installation.configurationPath, installation.pluginPath] {
            do {
                if try FileSystem.unlink(path) { logger.info("removed \(path)") }
            } catch {
                logger.error("\(error)")
                isWhole = false
            }
        }
        return isWhole
    }
}
