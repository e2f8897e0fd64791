import Addresses
import LinuxSystem
import Logging
import Netlink
import Topology

extension Dataplane {
    /// Rebuilds the node's state from journal and kernel, without touching a running pod.
    ///
    /// Half-done ADDs are undone and half-done DELs finished, for the journal alone says so. What only looks stale
    /// (a link that no attachment knows, an attachment without a link) is left until ``sweep(now:)``.
    func recover(now: UInt64) throws(NetlinkError) {
        let links = try host.links(matching: LinkFilter(namePrefix: Ownership.linkPrefix))
        let byName = Dictionary(links.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var undone: [Attachment] = []
        for entry in journal.recovered {
            var attachment = entry.attachment
            let link = byName[attachment.veth]
            attachment.hostIndex = link?.index ?? 0
            attachment.ifbIndex = byName[attachment.key.ifbName]?.index ?? 0
            claim(attachment)
            if entry.stage == .live, link?.group != Ownership.reapGroup {
                record(attachment)
            } else {
                undone.append(attachment)
            }
        }
        adopt(links)
        holdRested()
        recoverPolicy()
        logger.info(
            "recovered \(attachments.count) attachments, \(undone.count) to be undone, from \(links.count) links")
        for attachment in undone { logger.info("undo: \(attachment.title) was not finished when the agent ended") }
        remove(undone, now: now)
        let retired = links.filter { $0.group == Ownership.reapGroup }.count
        if retired > 0 { reaper.add(retired, now: now) }
        try audit()
        for attachment in attachments.values where attachment.hostIndex != 0 {
            restoreRoutes(attachment)
            for address in attachment.addresses { forward(address.address.family) }
        }
    }

    /// Takes over links that carry our alias but that the journal does not know: the journal was lost, the pod was not.
    private func adopt(_ links: [Link]) {
        let known = Set(attachments.values.map(\.veth))
        for link in links where link.group == Ownership.podGroup && !known.contains(link.name) {
            guard let alias = link.alias.flatMap({ LinkAlias($0) }), alias.key.vethName == link.name,
                let neighbours = try? host.neighbours(interface: link.index)
            else { continue }
            // Its addresses are those of the permanent neighbours on the host's end.
            let addresses = neighbours.filter(\.isPermanent).map(\.address)
            guard !addresses.isEmpty else { continue }
            let attachment = Attachment(
                key: alias.key, network: alias.network, namespace: alias.namespace, pod: alias.pod,
                segment: "default", sandbox: "", sandboxIdentity: "", veth: link.name, hostIndex: link.index,
                mac: alias.key.podMAC, mtu: link.mtu,
                addresses: addresses.map { Attachment.Address(address: $0, block: $0.hostPrefix, network: "") })
            logger.info("adopted \(attachment.title) from link \(link.name): the journal did not know it")
            claim(attachment)
            record(attachment)
        }
    }

    /// Addresses at rest may have been taken again since, for want of others: who lives on them comes first.
    private func holdRested() {
        for entry in journal.rested.reversed() {
            for address in entry.attachment.addresses {
                blocks.claim(
                    owner: Self.restingOwner(entry), address: address.address, tenant: entry.attachment.tenant,
                    segment: entry.attachment.segment)
            }
        }
    }

    /// Addresses that were at rest when the agent ended go on resting from when they were given up.
    ///
    /// Until the blocks are known nobody can keep the time, so they are held as if in use.
    func resumeRest() {
        for entry in journal.takeRested() { _ = blocks.release(owner: Self.restingOwner(entry), now: entry.time) }
    }

    private static func restingOwner(_ entry: JournalEntry) -> String { "gone \(entry.time) \(entry.attachment.key)" }

    private func claim(_ attachment: Attachment) {
        for address in attachment.addresses {
            blocks.claim(
                owner: attachment.key.description, address: address.address, tenant: attachment.tenant,
                segment: attachment.segment)
        }
    }

    /// Compares the kernel with what is wanted; the differences are then pending in ``routes``.
    func audit() throws(NetlinkError) {
        try findUplink()
        try ensureRules()
        var held: [Route] = []
        for family in AddressFamily.allCases {
            held += try host.routes(
                table: settings.routeTable, routeProtocol: Ownership.routeProtocol, family: family)
        }
        routes.sawExactly(held)
    }

    /// A pod's routes are wanted whatever the kernel holds.
    private func restoreRoutes(_ attachment: Attachment) {
        for address in attachment.addresses.map(\.address) {
            routes.wantPod(
                address,
                PodWiring.hostRoute(to: address, index: attachment.hostIndex, table: settings.routeTable))
        }
    }

    /// The link that carries the node's address, and the prefixes that are on links.
    private func findUplink() throws(NetlinkError) {
        let addresses = try host.addresses(interface: nil)
        let index = addresses.first { nodeAddresses.contains($0.address) }?.interface
        if let name = settings.linkName {
            uplink = try host.link(named: name)
        } else if let index {
            uplink = try host.link(index: index)
        }
        let prefixes = addresses.compactMap { address in
            address.address.isLoopback ? nil : IPPrefix(address.address, length: address.prefixLength)
        }
        routes.setConnected(Set(prefixes).sorted())
        surroundPolicy()
    }

    /// One rule for each family leads to our table; none is needed when that is the main table.
    private func ensureRules() throws(NetlinkError) {
        guard settings.routeTable != 254 else { return }
        for family in AddressFamily.allCases {
            let rule = RoutingRule(
                family: family, table: settings.routeTable, priority: Ownership.rulePriority,
                routeProtocol: Ownership.routeProtocol)
            let held: [RoutingRule]
            do {
                held = try host.rules(family: family)
            } catch {
                // A kernel without IPv6 has no rules of it either.
                guard family == .ipv6 else { throw error }
                continue
            }
            guard !held.contains(where: { $0.table == rule.table && $0.priority == rule.priority }) else { continue }
            // ip rule add priority 32700 lookup 10 protocol 71
            for case let refusal? in try host.apply([.addRule(rule)]) where refusal.errno != .EEXIST {
                throw refusal
            }
        }
    }
}
