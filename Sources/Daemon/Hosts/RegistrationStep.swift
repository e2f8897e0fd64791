import Addresses
import Topology

/// What the state says must happen next for a host that announces itself.
enum RegistrationStep: Sendable {
    /// It is known just so, if its key was last changed at this revision.
    case known(HostRecord, at: Int64)
    /// This transaction would write its record.
    case commit(HostRecord, StoreTransaction, seen: [ClusterPart: Int64])
}

extension ClusterState {
    /// Decides the next step of a registration.
    ///
    /// A host is the same when its name and first address are; then it may change its labels and further addresses.
    /// Throws 409 when name or an address belong to another, when new labels do not fit the groups it is in, and when
    /// no group takes it; 503 while there is no topology.
    func nextStep(of request: HostRequest, _ addresses: [IPAddress]) throws(DaemonError) -> RegistrationStep {
        try requireComplete()
        let doing = "add host \(request.name) (\(addresses[0]))"
        let before = hosts[request.name]
        if let before, before.value.addresses.first != addresses[0] {
            throw DaemonError(
                .conflict, "\(doing): host \(request.name) has address \(before.value.ip)", type: "host",
                id: request.name)
        }
        for address in addresses {
            guard let other = hostByAddress[address], other != request.name else { continue }
            throw DaemonError(
                .conflict, "\(doing): host \(other) has address \(address)", type: "host", id: other)
        }
        guard let topology, let placement else { throw StoredTopology.none(doing) }
        var record = HostRecord(
            name: request.name, addresses: request.addresses == nil ? before?.value.addresses ?? addresses : addresses,
            agentPort: request.agentPort.flatMap { $0 == 0 ? nil : $0 } ?? before?.value.agentPort ?? 9604,
            tags: request.tags ?? before?.value.tags ?? [:],
            kubernetes: request.kubernetes ?? before?.value.kubernetes ?? [:],
            groups: before?.value.groups ?? [:], revision: before?.value.revision ?? 0)
        do {
            record.groups = try placement.groups(for: record)
        } catch {
            throw DaemonError(.conflict, "\(doing): \(error)", type: "host", id: request.name)
        }
        if let before, before.value == record { return .known(record, at: before.modRevision) }
        record.revision += 1
        var transaction = StoreTransaction()
        transaction.expect(keys.topology, at: topology.modRevision)
        transaction.expect(keys.host(request.name), at: before?.modRevision)
        transaction.conditions.append(.unchangedSince(prefix: keys.hosts, reached[.hosts] ?? 0))
        transaction.then = [.put(keys.host(request.name), try JSONBody.bytes(record))]
        return .commit(record, transaction, seen: reached)
    }
}
