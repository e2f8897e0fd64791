import Synchronization
import Telemetry

/// How the installation on the node stands, for whoever asks.
final class InstallationBoard: Sendable {
    private struct State {
        var round: Installation.Round?
        var rivals: String?
        var deeds = 0
    }

    private let state = Mutex(State())

    /// Takes in what a round found.
    func note(_ round: Installation.Round, in settings: InstallationSettings) {
        state.withLock { state in
            state.round = round
            state.rivals = InstallationKeeper.sentence(round.rivals, in: settings.configurationFolder)
            state.deeds += round.deeds.count
        }
    }

    /// What is not as it should be, each as a sentence; none of it keeps the agent from serving.
    var warnings: [String] {
        state.withLock { state in (state.rivals.map { [$0] } ?? []) + (state.round?.problems ?? []) }
    }

    /// The metrics as a page in Prometheus' text format; empty where nothing is installed.
    var metrics: String {
        let (found, deeds) = state.withLock { ($0.round, $0.deeds) }
        guard let round = found else { return "" }
        var page = PrometheusText()
        page.family("romana_installation_in_place", "gauge", "Whether a file is on the node as it must be.")
        for (file, isPlaced) in [
            ("plugin", round.isPluginPlaced), ("configuration", round.isConfigurationPlaced),
        ] {
            page.sample("romana_installation_in_place", [("file", file)], isPlaced ? "1" : "0")
        }
        page.family(
            "romana_installation_rivals", "gauge", "Network configurations of others that runtimes take before ours.")
        page.sample("romana_installation_rivals", [], "\(round.rivals.count)")
        page.family("romana_installation_writes_total", "counter", "How often a file had to be put in its place.")
        page.sample("romana_installation_writes_total", [], "\(deeds)")
        return page.text
    }
}
