import Addresses
import Topology

/// A host that announces itself.
struct HostAsk: Sendable {
    /// As it does.
    var request: HostRequest
    /// Its addresses, parsed, the first one first.
    var addresses: [IPAddress]
    /// What the logs of both sides call the request that it came with.
    var exchange = ExchangeID.current?.description ?? ""

    /// What it may need of a transaction.
    var cost: Draft.Cost { Draft.Cost(conditions: 4, writes: 1) }
}

extension ClusterState {
    /// Decides on a registration and drafts what is to be written.
    ///
    /// A host is the same when its name is and its first address or its machine; then it may change all the rest.
    /// Throws 409 when name or an address belong to another, and when no group takes it; 503 while there is no topology.
    func decide(_ ask: HostAsk, _ draft: inout Draft) throws(DaemonError) -> HostRecord? {
        try requireComplete()
        let (request, addresses) = (ask.request, ask.addresses)
        let doing = "add host \(request.name) (\(addresses[0]))"
        let stored = hosts[request.name]
        draft.expect(keys.host(request.name), at: stored?.modRevision)
        let before = draft.hosts[request.name] ?? stored?.value
        if let before, before.addresses.first != addresses[0], !ask.request.isSameMachine(as: before) {
            throw DaemonError(
                .conflict, "\(doing): host \(request.name) has address \(before.ip)", type: "host", id: request.name)
        }
        for address in addresses {
            guard let other = owner(of: address, draft), other != request.name else { continue }
            draft.expect(keys.host(other), at: hosts[other]?.modRevision)
            throw DaemonError(.conflict, "\(doing): host \(other) has address \(address)", type: "host", id: other)
        }
        draft.expect(keys.topology, at: topology?.modRevision)
        guard topology != nil, let placement else { throw StoredTopology.none(doing) }
        var record = HostRecord(
            name: request.name, addresses: request.addresses(before) ?? addresses,
            agentPort: request.agentPort.flatMap { $0 == 0 ? nil : $0 } ?? before?.agentPort ?? 9604,
            tags: request.tags ?? before?.tags ?? [:],
            kubernetes: request.kubernetes ?? before?.kubernetes ?? [:],
            groups: before?.groups ?? [:], revision: before?.revision ?? 0)
        do {
            record.groups = try (draft.placement ?? placement).groups(for: record)
        } catch {
            throw DaemonError(
                .conflict, "\(doing): \(error)", type: "host", id: request.name, problems: error.problems)
        }
        if before == record { return record }
        record.revision += 1
        draft.expectHosts(unchangedSince: hostsKnown)
        draft.write(record, insteadOf: before, placement)
        return record
    }

    /// The host that has an address once the draft is written.
    private func owner(of address: IPAddress, _ draft: Draft) -> String? {
        if let name = draft.hostByAddress[address] { return name }
        guard let name = hostByAddress[address] else { return nil }
        return draft.hosts[name].map { $0.addresses.contains(address) } ?? true ? name : nil
    }
}
