import Addresses
import CNIProtocol
import LinuxSystem
import Logging
import Netlink
import Policies
import Topology

extension Dataplane {
    /// An ADD that has its addresses and is on its way through the kernel.
    private struct Addition {
        var request: CNIRequest
        var attachment: Attachment
    }

    /// Serves ADDs as one group: intents in one write, each pod wired, one batch for all host ends, one write more.
    func add(_ requests: [CNIRequest], now: UInt64) -> [Served] {
        guard !requests.isEmpty else { return [] }
        var served: [Served] = []
        var additions: [Addition] = []
        for request in requests {
            faults.pass("add-received")
            do {
                if let standing = try standing(request, now: now) {
                    served.append((request, success(standing, request)))
                } else if let addition = try prepare(request, besides: additions.map(\.attachment), now: now) {
                    additions.append(addition)
                    cause = request.id
                } else {
                    waiting.append(request)
                }
            } catch {
                served.append((request, refuse(request, error)))
            }
        }
        guard !additions.isEmpty else { return served }
        do {
            try journal.append(additions.map { JournalEntry(.intent, $0.attachment) })
        } catch {
            for addition in additions { _ = blocks.release(owner: addition.attachment.key.description, now: now) }
            return served + additions.map { ($0.request, refuse($0.request, .journal(error))) }
        }
        faults.pass("add-intent")
        return served + wire(additions, now: now)
    }

    /// The attachment that an earlier ADD made, if it still holds; what no longer holds is taken down.
    private func standing(_ request: CNIRequest, now: UInt64) throws(CNIError) -> Attachment? {
        guard let attachment = attachments[request.key] else { return nil }
        let link: Link?
        do {
            link = try host.link(named: attachment.veth)
        } catch {
            throw .kernel(error)
        }
        if let link, link.index == attachment.hostIndex, link.group == Ownership.podGroup,
            attachment.sandboxIdentity == request.sandbox?.identity
        {
            return attachment
        }
        remove([attachment], now: now)
        return nil
    }

    /// Takes addresses for a request; nil when none is to be had yet but may be soon.
    private func prepare(
        _ request: CNIRequest, besides others: [Attachment], now: UInt64
    ) throws(CNIError) -> Addition? {
        guard let sandbox = request.sandbox else {
            throw CNIError(.invalidEnvironment, "CNI_NETNS: ADD needs a network namespace")
        }
        guard sandbox.identity != ownIdentity else {
            throw CNIError(.invalidNetns, "CNI_NETNS is the network namespace of the node itself")
        }
        guard let pod = try policyPod(request, now: now) else { return nil }
        let key = request.key
        var attachment = Attachment(
            key: key, network: request.config.name, namespace: pod.namespace, pod: pod.name,
            segment: Segment.of(labels: pod.labels), sandbox: request.environment.netns ?? "",
            sandboxIdentity: sandbox.identity, veth: key.vethName, hostIndex: 0, mac: key.podMAC,
            mtu: mtu(request.config), addresses: [], portMappings: try request.config.portMappings(),
            bandwidth: try request.config.bandwidth(), since: Clock.wallSeconds())
        if let taken = policy.mappedPortTaken(attachment, besides: others) {
            throw CNIError(.tryAgainLater, "\(attachment.title): \(taken)")
        }
        if let standingProblem {
            throw CNIError(.tryAgainLater, "no address for \(attachment.title): \(standingProblem)")
        }
        do {
            let allocations = try blocks.allocate(
                owner: key.description, tenant: attachment.tenant, segment: attachment.segment, now: now)
            attachment.addresses = allocations.map {
                Attachment.Address(address: $0.address, block: $0.block, network: $0.network)
            }
        } catch {
            if now < request.received + settings.patience { return nil }
            if !settings.knowsPods { policy.policies.setPod(attachment.policyPod, nil) }
            let details = problem ?? supplyProblem ?? ""
            needs.tell(
                NodeNotice(
                    subject: .pod(
                        namespace: pod.namespace, name: pod.name, uid: request.environment.args.podUID ?? ""),
                    reason: .noAddress,
                    message: "Node \(settings.node) has no address for the pod: \(error)"
                        + (details.isEmpty ? "" : ": \(details)")))
            throw CNIError(.tryAgainLater, "no address for \(attachment.title): \(error)", details: details)
        }
        faults.pass("add-addresses")
        return Addition(request: request, attachment: attachment)
    }

    private func wire(_ additions: [Addition], now: UInt64) -> [Served] {
        var served: [Served] = []
        var wired: [Addition] = []
        for var addition in additions {
            do {
                try wirePod(&addition)
                wired.append(addition)
            } catch {
                served.append((addition.request, undo(addition, error, now: now)))
            }
        }
        if let refusal = admit(wired.map(\.attachment)) {
            return served + wired.map { ($0.request, undo($0, .policy(refusal), now: now)) }
        }
        faults.pass("add-policed")
        var open: [Addition] = []
        for (addition, refusal) in zip(wired, wireHosts(wired.map(\.attachment))) {
            if let refusal {
                served.append((addition.request, undo(addition, .kernel(refusal), now: now)))
            } else {
                open.append(addition)
            }
        }
        faults.pass("add-host-configured")
        do {
            try journal.append(open.map { JournalEntry(.live, $0.attachment) })
        } catch {
            return served + open.map { ($0.request, undo($0, .journal(error), now: now)) }
        }
        faults.pass("add-committed")
        for addition in open {
            record(addition.attachment)
            served.append((addition.request, success(addition.attachment, addition.request)))
        }
        return served
    }

    /// The pair and everything inside the pod's namespace.
    private func wirePod(_ addition: inout Addition) throws(CNIError) {
        guard let sandbox = addition.request.sandbox else { return }
        let wiring = PodWiring(attachment: addition.attachment)
        do {
            let pair = wiring.pair(podNamespace: sandbox.rawValue)
            let indexes = try createPair(pair, addition.attachment)
            addition.attachment.hostIndex = indexes.host
            addition.attachment.ifbIndex = try PodShaping(attachment: addition.attachment).createIFB(on: host)
            faults.pass("add-veth")
            try configurePod(sandbox, wiring, index: indexes.peer)
            faults.pass("add-pod-configured")
        } catch let error as NetlinkError {
            throw .kernel(error)
        } catch let error as CNIError {
            throw error
        } catch {
            throw CNIError(.kernelRefused, "\(error)")
        }
    }

    /// The batch inside the pod's namespace; where IPv6 has been switched off for it, it is switched on for this link.
    private func configurePod(_ sandbox: Sandbox, _ wiring: PodWiring, index: UInt32) throws {
        let pod = try openSandbox(sandbox.rawValue)
        let operations = wiring.podOperations(index: index)
        let refusals = try pod.apply(operations).compactMap(\.self)
        guard let refusal = refusals.first else { return }
        guard refusal.errno == .EACCES, wiring.attachment.addresses.contains(where: { $0.address.family == .ipv6 })
        else { throw refusal }
        try sandbox.enableIPv6(on: wiring.attachment.key.interface)
        for case let refusal? in try pod.apply(operations) where refusal.errno != .EEXIST { throw refusal }
    }

    /// Creates a pair; names that only wait for the reaper are made free first.
    private func createPair(_ pair: VethPair, _ attachment: Attachment) throws(CNIError) -> VethIndexes {
        do {
            return try host.createVethPair(pair)
        } catch {
            guard error.errno == .EEXIST else { throw .kernel(error) }
            do {
                // ip link delete group 7171: a DEL of a moment ago may have left either name taken.
                _ = try host.apply([.deleteLinkGroup(Ownership.reapGroup)])
                if let stale = try host.link(named: pair.hostName), stale.alias.flatMap({ LinkAlias($0) }) != nil {
                    _ = try host.apply([.deleteLink(index: stale.index)])
                }
                return try host.createVethPair(pair)
            } catch {
                guard error.errno == .EEXIST else { throw .kernel(error) }
                throw CNIError(
                    .interfaceExists, "interface \(pair.peerName) already exists in \(attachment.sandbox)",
                    details: "\(error)")
            }
        }
    }

    /// Neighbours and then routes of all host ends, in one batch; the first refusal of each.
    private func wireHosts(_ attachments: [Attachment]) -> [NetlinkError?] {
        var operations: [NetworkOperation] = []
        var owners: [Int] = []
        for (number, attachment) in attachments.enumerated() {
            let wiring = PodWiring(attachment: attachment)
            let own =
                wiring.hostNeighbours(index: attachment.hostIndex)
                + PodShaping(attachment: attachment).hostOperations()
                + wiring.hostRoutes(index: attachment.hostIndex, table: settings.routeTable)
            operations += own
            owners += [Int](repeating: number, count: own.count)
        }
        var refusals = [NetlinkError?](repeating: nil, count: attachments.count)
        do {
            for (owner, refusal) in zip(owners, try host.apply(operations)) where refusals[owner] == nil {
                refusals[owner] = refusal
            }
        } catch {
            refusals = refusals.map { _ in error }
        }
        return refusals
    }

    /// Takes back what a failed ADD has done so far.
    private func undo(_ addition: Addition, _ error: CNIError, now: UInt64) -> CNIAnswer {
        remove([addition.attachment], now: now)
        return refuse(addition.request, error)
    }

    /// Makes an attachment part of the node's state.
    func record(_ attachment: Attachment) {
        attachments[attachment.key] = attachment
        if !attachment.portMappings.isEmpty { admitMappings(attachment, nodeAddresses) }
        for address in attachment.addresses.map(\.address) {
            routes.recordPod(
                address,
                PodWiring.hostRoute(to: address, index: attachment.hostIndex, table: settings.routeTable))
        }
    }

    /// The result object of an attachment, in the version that was asked for.
    private func success(_ attachment: Attachment, _ request: CNIRequest) -> CNIAnswer {
        let result = AttachmentResult(attachment).result
        return CNIAnswer(status: 0, output: result.json(version: request.config.cniVersion))
    }
}
