import Duties
import Telemetry

extension DutyBoard {
    /// Metrics of the duties as a page in Prometheus' text format; empty where there are none.
    var metrics: String {
        var page = PrometheusText()
        let standings = standings.sorted { $0.key < $1.key }
        guard !standings.isEmpty else { return "" }
        page.family("romana_duty_elected", "gauge", "Whether this agent has the duty.")
        for (duty, standing) in standings {
            page.sample("romana_duty_elected", [("duty", duty)], standing.isOwn ? "1" : "0")
        }
        page.family("romana_duty_holder", "gauge", "Who has the duty as this agent sees it, always 1.")
        for (duty, standing) in standings {
            if let holder = standing.holder {
                page.sample("romana_duty_holder", [("duty", duty), ("holder", holder)], "1")
            }
        }
        page.family("romana_duty_candidates", "gauge", "How many stand for the duty.")
        for (duty, standing) in standings {
            page.sample("romana_duty_candidates", [("duty", duty)], "\(standing.candidates)")
        }
        page.family("romana_duty_terms_total", "counter", "How often this agent was elected.")
        for (duty, _) in standings { page.sample("romana_duty_terms_total", [("duty", duty)], "\(terms(duty))") }
        if let listener { add(listener, to: &page) }
        addAWS(to: &page)
        if let vpcRouter { add(vpcRouter, to: &page) }
        return page.text
    }

    private func add(_ report: ListenerReport, to page: inout PrometheusText) {
        for (name, type, help, value) in [
            ("in_sync", "gauge", "Whether everything was listed and written once.", report.isInSync ? 1 : 0),
            (
                "last_sync_timestamp_seconds", "gauge", "When etcd last said all that the listener knows.",
                Int(report.lastSync)
            ),
            ("namespaces", "gauge", "Namespaces in the API.", report.namespaces),
            ("pods", "gauge", "Pods that can be members of groups.", report.pods),
            ("policies", "gauge", "NetworkPolicies in the API.", report.policies),
            (
                "refused_policies", "gauge", "NetworkPolicies that do not stand as they are written.",
                report.refusals.count
            ),
            ("groups", "gauge", "Groups that policies name.", report.groups),
            ("members", "gauge", "Members of all groups together.", report.members),
            ("hosts", "gauge", "Hosts that are registered.", report.hosts),
            (
                "lost_hosts", "gauge", "Hosts whose nodes are gone from the API and whose agents are not alive.",
                report.lostHosts
            ),
            ("hosts_removed_total", "counter", "Hosts that were removed with their blocks.", report.hostsRemoved),
            ("transactions_total", "counter", "Transactions that were made in etcd.", report.transactions),
            ("operations_total", "counter", "Keys that were written or deleted in etcd.", report.operations),
        ] {
            page.family("romana_listener_\(name)", type, help)
            page.sample("romana_listener_\(name)", [], "\(value)")
        }
    }

    private func add(_ report: VPCReport, to page: inout PrometheusText) {
        for (name, type, help, value) in [
            ("in_sync", "gauge", "Whether every table holds what it should.", report.isInSync ? 1 : 0),
            (
                "last_look_timestamp_seconds", "gauge", "When route tables were last looked at.", Int(report.lastLook)
            ),
            ("moves_total", "counter", "Routes that were led to another host.", report.moves),
            (
                "missing_routes", "gauge", "Routes that should be and are not.",
                report.routes.count { $0.state != "installed" }
            ),
            ("findings", "gauge", "Things about routes that somebody should know of.", report.findings.count),
        ] {
            page.family("romana_vpcrouter_\(name)", type, help)
            page.sample("romana_vpcrouter_\(name)", [], "\(value)")
        }
        page.family("romana_vpcrouter_hosts", "gauge", "Hosts by how they are.")
        for health in ["healthy", "recovering", "questionable", "unknown", "unclear", "down"] {
            let count = report.hosts.count { $0.health == health }
            page.sample("romana_vpcrouter_hosts", [("health", health)], "\(count)")
        }
        for (name, help, value) in [
            ("routes", "Routes of ours in a table.", \.own),
            ("foreign_routes", "Routes of others in a table.", \.foreign),
            ("route_limit", "How many routes of a family a table takes.", \.limit),
            ("prefixes_out", "Prefixes that a table has no room for.", \.out.count),
        ] as [(String, String, KeyPath<VPCReport.Table, Int>)] {
            page.family("romana_vpcrouter_\(name)", "gauge", help)
            for table in report.tables {
                page.sample("romana_vpcrouter_\(name)", [("table", table.id)], "\(table[keyPath: value])")
            }
        }
        page.family("romana_vpcrouter_calls_total", "counter", "Calls of AWS by their names, repetitions not counted.")
        for (name, count) in report.calls.sorted(by: { $0.key < $1.key }) {
            page.sample("romana_vpcrouter_calls_total", [("action", name)], "\(count)")
        }
        page.family(
            "romana_vpcrouter_failures_total", "counter", "Calls of AWS that failed for good, by its own words.")
        for (name, count) in report.failures.sorted(by: { $0.key < $1.key }) {
            page.sample("romana_vpcrouter_failures_total", [("error", name)], "\(count)")
        }
    }
}
