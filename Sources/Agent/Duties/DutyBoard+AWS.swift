import AWS
import Duties
import Telemetry

extension DutyBoard {
    /// Metrics of what is asked of AWS, and of the duty `aws`.
    func addAWS(to page: inout PrometheusText) {
        if let calls { add(calls.sorted { $0.key < $1.key }, to: &page) }
        if let sourceDest { add(sourceDest, to: &page) }
    }

    private func add(_ calls: [(key: String, value: AWSCallCount)], to page: inout PrometheusText) {
        for (name, help, count) in [
            ("calls_total", "Requests to AWS, those that were repeated included.", { $0.calls }),
            ("calls_throttled_total", "Of these, those that AWS took for too many.", { $0.throttled }),
            ("calls_failed_total", "Of these, those that failed otherwise.", { $0.failed }),
        ] as [(String, String, (AWSCallCount) -> Int)] {
            page.family("romana_aws_\(name)", "counter", help)
            for (action, value) in calls { page.sample("romana_aws_\(name)", [("action", action)], "\(count(value))") }
        }
    }

    private func add(_ report: SourceDestReport, to page: inout PrometheusText) {
        page.family("romana_aws_nodes", "gauge", "Nodes by whether EC2 lets pods' packets through.")
        for (state, count) in [
            ("settled", report.settled), ("pending", report.pending), ("failed", report.failures.count),
            ("other", report.strangers),
        ] { page.sample("romana_aws_nodes", [("state", state)], "\(count)") }
        page.family("romana_aws_up", "gauge", "Whether AWS answered when it was asked last.")
        page.sample("romana_aws_up", [], report.problem == nil ? "1" : "0")
        page.family("romana_aws_checks_disabled_total", "counter", "Source/destination checks that were turned off.")
        page.sample("romana_aws_checks_disabled_total", [], "\(report.switched)")
        page.family(
            "romana_aws_last_pass_timestamp_seconds", "gauge", "When nodes were looked at last without failure.")
        page.sample("romana_aws_last_pass_timestamp_seconds", [], "\(report.lastPass)")
    }
}

extension DutyBoard {
    /// What is to be said of duties that this agent has; nothing of it keeps an agent from being ready.
    var checks: [HealthCheck] {
        guard let sourceDest else { return [] }
        let first = sourceDest.failures.min { $0.key < $1.key }
        let message =
            sourceDest.problem
            ?? first.map { "node \($0.key): \($0.value)" + (sourceDest.failures.count > 1 ? ", and others" : "") }
        guard let message else {
            return [HealthCheck("source-dest-check", .ok, "off at \(sourceDest.settled) of \(sourceDest.nodes) nodes")]
        }
        return [HealthCheck("source-dest-check", .warning, message)]
    }
}
