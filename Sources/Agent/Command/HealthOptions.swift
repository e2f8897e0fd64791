import ArgumentParser

/// Where the agent serves metrics and health.
struct HealthOptions: ParsableArguments {
    @Option(
        name: [.long, .customLong("metrics", withSingleDash: true)],
        help: "Port of /metrics, /healthz and /readyz; 0 for none (default: 9607, with `duties` 9608).")
    var metrics: Int?

    @Option(help: "Address that metrics and health are served on.")
    var metricsHost: String = "0.0.0.0"

    func validate() throws {
        if let metrics, metrics > 65_535 { throw ValidationError("--metrics \(metrics): not a port") }
    }
}
