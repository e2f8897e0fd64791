import Addresses
import Nftables
import Telemetry
import Topology

extension NodeReport {
    /// The node's metrics as a page in Prometheus' text format; the first keeps the name of the original.
    func metrics(drops: DropCounts?) -> String {
        var page = PrometheusText()
        page.family("romana_managed_routes", "gauge", "Routes to other nodes that the agent keeps.")
        page.sample("romana_managed_routes", [], "\(routes.count)")
        page.family("romana_agent_info", "gauge", "The agent's version, always 1.")
        page.sample("romana_agent_info", [("node", node), ("version", version)], "1")
        page.family("romana_agent_ready", "gauge", "Whether an ADD could be served now.")
        page.sample("romana_agent_ready", [], problem == nil ? "1" : "0")
        page.family("romana_agent_source_reachable", "gauge", "Whether a remote party answers.")
        for (name, isReachable) in reachable.sorted(by: { $0.key < $1.key }) {
            page.sample("romana_agent_source_reachable", [("source", name)], isReachable ? "1" : "0")
        }
        page.family("romana_agent_attachments", "gauge", "Interfaces of running pods.")
        page.sample("romana_agent_attachments", [], "\(attachments.count)")
        addBlocks(to: &page)
        addRoutes(to: &page)
        addRequests(to: &page)
        for (name, help, value) in [
            ("romana_agent_links_reaped_total", "Links of gone pods that were deleted.", counters.reaped),
            ("romana_agent_swept_total", "Objects removed because nothing wanted them.", counters.swept),
            ("romana_agent_routes_refused_total", "Route changes that the kernel refused.", counters.routesRefused),
            ("romana_agent_shared_batches_total", "Batches that served several requests.", counters.sharedBatches),
            ("romana_agent_bad_clients_total", "Clients cut off for not keeping to the protocol.", counters.badClients),
            (
                "romana_agent_shared_addresses_total", "Addresses given from a block of another tenant.",
                statistics.shared
            ),
            ("romana_agent_warm_addresses_total", "Addresses given before their rest was over.", statistics.warm),
            (
                "romana_agent_policy_transactions_total", "Transactions of nf_tables that were tried.",
                policyCounters.transactions
            ),
            (
                "romana_agent_policy_transactions_refused_total", "Transactions that the kernel refused.",
                policyCounters.refused
            ),
            (
                "romana_agent_policy_tables_rebuilt_total", "How often the whole table was written anew.",
                policyCounters.rebuilt
            ),
        ] {
            page.family(name, "counter", help)
            page.sample(name, [], "\(value)")
        }
        addPolicies(to: &page, drops)
        ProcessMetrics().add(to: &page)
        return page.text
    }

    private func addPolicies(to page: inout PrometheusText, _ drops: DropCounts?) {
        page.family("romana_agent_policies", "gauge", "Policies that the agent knows.")
        page.sample("romana_agent_policies", [], "\(policies)")
        let name = "romana_agent_dropped_packets_total"
        page.family(name, "counter", "Packets that table inet romana dropped, by the chain and what its rule is about.")
        var packets: [[String]: UInt64] = [:]
        for rule in drops?.rules ?? [] { packets[[rule.chain, rule.comment], default: 0] &+= rule.packets }
        for (labels, count) in packets.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            page.sample(name, [("chain", labels[0]), ("reason", labels[1])], "\(count)")
        }
    }

    private func addRoutes(to page: inout PrometheusText) {
        page.family("romana_agent_routes", "gauge", "Routes to other nodes by how they fare.")
        var counts = ["installed": 0, "pending": 0, "fabric": 0, "refused": 0]
        for route in routes {
            switch route.state {
            case "installed", "pending": counts[route.state, default: 0] += 1
            case "left to the fabric": counts["fabric", default: 0] += 1
            default: counts["refused", default: 0] += 1
            }
        }
        for (state, count) in counts.sorted(by: { $0.key < $1.key }) {
            page.sample("romana_agent_routes", [("state", state)], "\(count)")
        }
    }

    private func addBlocks(to page: inout PrometheusText) {
        page.family("romana_agent_block_addresses", "gauge", "Addresses in the node's blocks.")
        for block in blocks {
            let labels = [
                ("block", "\(block.cidr)"), ("network", block.network), ("tenant", block.tenant),
                ("segment", block.segment),
            ]
            page.sample("romana_agent_block_addresses", labels + [("state", "allocated")], "\(block.allocated)")
            let free = block.cidr.count - min(block.cidr.count, UInt128(block.allocated))
            page.sample("romana_agent_block_addresses", labels + [("state", "free")], "\(free)")
        }
        page.family("romana_agent_blocks_wanted", "gauge", "Blocks that the node waits for, spares among them.")
        page.sample("romana_agent_blocks_wanted", [], "\(wantedBlocks)")
        page.family(
            "romana_agent_checks", "gauge", "How it is with what /readyz looks at: 1 for the outcome that it has.")
        for check in checks {
            page.sample("romana_agent_checks", [("check", check.name), ("outcome", check.outcome.rawValue)], "1")
        }
    }

    private func addRequests(to page: inout PrometheusText) {
        page.family("romana_agent_cni_requests_total", "counter", "CNI requests by verb and outcome.")
        for (outcome, counts) in [("served", counters.served), ("refused", counters.refused)] {
            for (verb, count) in counts.sorted(by: { $0.key < $1.key }) {
                page.sample("romana_agent_cni_requests_total", [("verb", verb), ("outcome", outcome)], "\(count)")
            }
        }
        let name = "romana_agent_cni_request_seconds"
        page.family(name, "histogram", "Time from a whole request to its answer.")
        for (verb, durations) in counters.durations.sorted(by: { $0.key < $1.key }) {
            var sum: UInt64 = 0
            for (bound, count) in zip(DataplaneCounters.Durations.bounds, durations.buckets) {
                sum += count
                page.sample("\(name)_bucket", [("verb", verb), ("le", "\(Double(bound) / 1e6)")], "\(sum)")
            }
            page.sample("\(name)_bucket", [("verb", verb), ("le", "+Inf")], "\(durations.count)")
            page.sample("\(name)_sum", [("verb", verb)], "\(Double(durations.sum) / 1e6)")
            page.sample("\(name)_count", [("verb", verb)], "\(durations.count)")
        }
    }
}
