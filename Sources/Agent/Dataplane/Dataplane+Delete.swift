import Addresses
import CNIProtocol
import LinuxSystem
import Logging
import Netlink
import Topology

extension Dataplane {
    /// Serves DELs as one group; what is gone already is a success (CNI spec 1.1, section 2, DEL).
    func delete(_ requests: [CNIRequest], now: UInt64) -> [Served] {
        guard !requests.isEmpty else { return [] }
        faults.pass("del-received")
        var keys: Set<AttachmentKey> = []
        for request in requests {
            keys.insert(request.key)
            // Its ADD is still waiting: the runtime has given up on it.
            waiting.removeAll { $0.key == request.key }
        }
        remove(keys.compactMap { attachments[$0] }, now: now)
        return requests.map { ($0, CNIAnswer.empty) }
    }

    /// Takes attachments off the network, whatever state they are in; cannot fail.
    ///
    /// The links are left to the reaper: to delete one at a time would cost 16 ms each.
    func remove(_ leaving: [Attachment], now: UInt64) {
        guard !leaving.isEmpty else { return }
        write(leaving.map { JournalEntry(.leaving, $0) })
        faults.pass("del-intent")
        faults.pass("del-unrouted")
        let retirements = leaving.flatMap { attachment in
            (attachment.hostIndex == 0 ? [] : [PodWiring.retirement(index: attachment.hostIndex)])
                + PodShaping.retirement(of: attachment)
        }
        do {
            let refusals = try host.apply(retirements)
            for case let refusal? in refusals where refusal.errno != .ENODEV {
                logger.warning("\(refusal)")
            }
        } catch {
            logger.error("\(error)")
        }
        faults.pass("del-down")
        dismiss(leaving)
        for attachment in leaving {
            attachments[attachment.key] = nil
            _ = blocks.release(owner: attachment.key.description, now: now)
            for address in attachment.addresses.map(\.address) { routes.recordPod(address, nil) }
        }
        write(leaving.map { JournalEntry(.gone, $0, time: now) })
        faults.pass("del-committed")
        if !retirements.isEmpty { reaper.add(retirements.count, now: now) }
    }

    /// GC (CNI spec 1.1, section 2): removes the attachments of the request's own network that are not listed.
    func collectGarbage(_ request: CNIRequest, now: UInt64) -> CNIAnswer {
        guard let valid = request.config.validAttachments else {
            return refuse(
                request,
                CNIError(.invalidConfig, "cni.dev/valid-attachments: GC needs the list of what is valid"))
        }
        let keys = Set(valid.map { AttachmentKey(containerID: $0.containerID, interface: $0.ifname) })
        let stale = attachments.values.filter { $0.network == request.config.name && !keys.contains($0.key) }
        for attachment in stale { logger.info("garbage: \(attachment.title) is not valid for the runtime any more") }
        remove(Array(stale), now: now)
        return .empty
    }

    /// Journal lines of removals: if they cannot be written the removal goes on, since the kernel's state tells the
    /// same story after a restart.
    private func write(_ entries: [JournalEntry]) {
        do {
            try journal.append(entries)
        } catch {
            logger.error("journal: \(error)")
        }
    }
}
