import Addresses
import LinuxSystem
import Logging
import Netlink
import Policies
import Topology

extension Dataplane {
    /// How many route operations are done between two looks at the socket.
    static let routeSlice = 256

    /// Takes in what sources say; cheap, the kernel is touched later.
    func take(_ change: DataplaneChange, now: UInt64) {
        switch change {
        case .networks(let networks):
            networkNames = networks.map(\.name)
            for family in Set(networks.map(\.cidr.family)) { forward(family) }
            blocks.setNetworks(networks)
        case .ownBlocks(let records):
            blocks.setBlocks(records)
            resumeRest()
        case .ownBlock(let prefix, let record):
            if let record { blocks.addBlock(record) } else { blocks.removeBlock(prefix) }
        case .granted(let records):
            for record in records { blocks.addBlock(record) }
            grants += 1
            needs.send(.blocks(blocks.wants(), afterGrants: grants, cause: waiting.first?.id ?? cause))
        case .routes(let change):
            routes.take(change)
        case .clusterPrefixes, .statements, .statement, .pods, .pod, .group, .groupKept, .members:
            takePolicy(change, now: now)
        case .inSync:
            guard !isInSync else { return }
            isInSync = true
            sweep(now: now)
        case .daemons(let addresses):
            announcedDaemons = addresses
        case .reachable(let remote, let isReachable):
            if reachable.updateValue(isReachable, forKey: remote.rawValue) != isReachable {
                reachableSince[remote.rawValue] = Clock.wallSeconds()
                logger.info("\(remote.rawValue) \(isReachable ? "answers" : "is out of reach")")
            }
        case .supply(let problem):
            if let problem, problem != supplyProblem { logger.warning("blocks: \(problem)") }
            supplyProblem = problem
        case .standing(let problem):
            standingProblem = problem
        case .nodeAddresses(let addresses):
            nodeAddresses = addresses
            take(.kernelChanged, now: now)
        case .kernelChanged:
            do {
                try audit()
                auditProblem = nil
            } catch {
                auditProblem = "\(error)"
                logger.error("\(error)")
            }
        case .reaped(let links, let problem):
            counters.reaped += UInt64(links)
            if let problem { logger.error("reap links: \(problem)") }
        case .question(let question, let reply):
            var judgements: [NetworkPolicy.Direction: DirectionJudgement] = [:]
            for direction in NetworkPolicy.Direction.allCases {
                judgements[direction] = question.judgement(direction, policy.policies)
            }
            reply(judgements)
        case .report(let reply):
            reply(report())
        case .stop, .state:
            break
        }
    }

    /// Writes the next slice of pending routes; true when more could be done at once.
    func programRoutes() -> Bool {
        guard routes.hasWork else { return false }
        let slice = routes.slice(Self.routeSlice)
        guard !slice.isEmpty else { return false }
        do {
            let news = routes.settle(slice, try host.apply(slice.map(\.operation)))
            counters.routesRefused += UInt64(news.count)
            for refusal in news { logger.warning("\(refusal)") }
            return news.isEmpty && routes.hasWork && slice.count == Self.routeSlice
        } catch {
            logger.error("\(error)")
            return false
        }
    }

    /// Removes what neither journal nor sources know, once all of them have been heard.
    func sweep(now: UInt64) {
        routes.maySweep = true
        do {
            let links = try host.links(matching: LinkFilter(namePrefix: Ownership.linkPrefix))
            let present = Set(links.map(\.index))
            let known = Set(attachments.values.flatMap { [$0.hostIndex, $0.ifbIndex] })
            let stale = links.filter {
                $0.group == Ownership.podGroup && !known.contains($0.index)
                    && ($0.alias == nil || $0.alias.flatMap { LinkAlias($0) } != nil)
            }
            for link in stale { logger.info("sweep: link \(link.name) belongs to no attachment") }
            _ = try host.apply(stale.map { PodWiring.retirement(index: $0.index) })
            if !stale.isEmpty { reaper.add(stale.count, now: now) }
            // A link goes only with its pod's namespace, so the attachment is over; its DEL will find nothing to do.
            let orphans = attachments.values.filter { !present.contains($0.hostIndex) }
            for attachment in orphans { logger.info("sweep: \(attachment.title) has no link any more") }
            remove(Array(orphans), now: now)
            counters.swept += UInt64(stale.count + orphans.count)
            try audit()
        } catch {
            logger.error("\(error)")
        }
    }

    /// What is due from time to time when nothing else is to be done.
    func keepUp(now: UInt64) {
        let dirty = blocks.takeDirtyBlocks()
        if !dirty.isEmpty { needs.send(.record(dirty)) }
        keepUpPolicy(now: now)
        announceProblem()
        guard isInSync else { return }
        let records = Dictionary(blocks.records.map { ($0.cidr, $0) }, uniquingKeysWith: { first, _ in first })
        let idle = blocks.surplus(now: now).compactMap { records[$0] }
        for record in idle { blocks.removeBlock(record.cidr) }
        if !idle.isEmpty { needs.send(.giveBack(idle)) }
    }
}
