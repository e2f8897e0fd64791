import Addresses
import Logging
import Topology

extension Cluster {
    /// Grants `grant.count` blocks to `host`, fewer when the group has fewer free, at least one.
    ///
    /// The least-index free blocks of the host's group are taken; of another group only when its own has none. A request
    /// repeated under the same name gets the blocks of the first that it still has.
    func grant(_ grant: GrantRequest, to host: String) async throws(DaemonError) -> [BlockRecord] {
        try grant.check()
        let given = grant.request ?? ""
        let request = given.isEmpty ? "daemon-" + String(UInt64.random(in: .min ... .max), radix: 16) : given
        return try await grants.submit(GrantAsk(grant: grant, host: host, request: request)).blocks
    }

    /// Serves grants until the task is cancelled.
    func serveGrants() async {
        await grants.run { [self] asks in
            let verdicts = await judge(asks, cost: \.cost) { ask, state, draft throws(DaemonError) in
                try state.decide(ask, &draft)
            }
            for (ask, verdict) in zip(asks, verdicts) {
                if case .answered(.success(let grant)) = verdict, !grant.isRepeated { tell(grant, ask) }
            }
            return verdicts
        }
    }

    private func tell(_ grant: Grant, _ ask: GrantAsk) {
        metrics.add(.grants, grant.blocks.count)
        var metadata: Logger.Metadata = [
            "host": "\(ask.host)", "network": "\(ask.grant.network)", "grant": "\(ask.request)",
            "blocks": "\(grant.blocks.map(\.cidr.description).joined(separator: ","))",
        ]
        if !ask.exchange.isEmpty { metadata["request"] = "\(ask.exchange)" }
        logger.info("granted blocks", metadata: metadata)
        guard let full = grant.fullGroup else { return }
        metadata["group"] = "\(full.path)"
        guard grant.isSpilled, let block = grant.blocks.first else {
            logger.warning("a group is full", metadata: metadata)
            events.add(
                .groupFull, "group \(full.path) (\(full.cidr)) of network \(ask.grant.network) is full",
                about: full.path)
            return
        }
        metrics.add(.spills, grant.blocks.count)
        logger.warning("a group is full: blocks of another were granted", metadata: metadata)
        events.add(
            .spill,
            "host \(ask.host) got \(grant.blocks.map(\.cidr.description).joined(separator: ", ")) of group \(block.group) "
                + "(\(block.groupCIDR)) of network \(ask.grant.network), as its own group \(full.path) (\(full.cidr)) is full",
            about: ask.host)
    }
}
