import Addresses
import Deltas
import Etcd
import FoundationEssentials
import LinuxSystem
import Logging
import Topology

/// Carries the dataplane's needs to the cluster: asks the daemon for blocks, gives idle ones back, writes tags and
/// counts.
actor BlockSupply {
    private let settings: AgentSettings
    private let etcd: EtcdClient
    private let daemons: DaemonClient
    private let source: ClusterSource
    private let inbox: DataplaneInbox
    private let logger: Logger

    private var wants: [BlockWant] = []
    private var granted: UInt64 = 0
    private var records: [IPPrefix: BlockRecord] = [:]
    private var returns: [BlockRecord] = []
    private var request = ""
    /// The call that brought about what is wanted.
    private var cause = ""
    private let wake = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// How long tags and counts are gathered before they are written.
    private static let recordGap: Duration = .seconds(1)
    /// How often given-back blocks are tried again.
    private static let tick: Duration = .seconds(2)

    init(
        settings: AgentSettings, etcd: EtcdClient, daemons: DaemonClient, source: ClusterSource,
        inbox: DataplaneInbox, logger: Logger
    ) {
        self.settings = settings
        self.etcd = etcd
        self.daemons = daemons
        self.source = source
        self.inbox = inbox
        self.logger = logger
    }

    /// Serves the needs until the task is cancelled.
    func run(_ needs: AsyncStream<NodeNeed>) async {
        await withDiscardingTaskGroup { group in
            group.addTask { for await need in needs { await self.take(need) } }
            group.addTask { await self.supply() }
            group.addTask { await self.repeatedly(Self.recordGap) { await self.writeRecords() } }
            group.addTask {
                await self.repeatedly(Self.tick) { await self.giveBack() }
            }
        }
    }

    private func take(_ need: NodeNeed) {
        switch need {
        case .blocks(let wants, let granted, let cause):
            // A want from before the last grant reached the dataplane would ask twice for the same.
            guard granted == self.granted else { return }
            self.wants = wants
            self.cause = cause
            wake.continuation.yield()
        case .giveBack(let blocks):
            returns += blocks
        case .record(let blocks):
            for block in blocks { records[block.cidr] = block }
        }
    }

    /// Asks for what is wanted until nothing is, with growing pauses while it is refused.
    private func supply() async {
        var backoff = Backoff(first: .milliseconds(100), cap: .seconds(10))
        for await _ in wake.stream {
            while let want = wants.first, !Task.isCancelled {
                if await ask(want) {
                    backoff.reset()
                } else {
                    try? await Task.sleep(for: backoff.next(jitter: Double.random(in: 0...1)))
                }
            }
            if Task.isCancelled { return }
        }
    }

    private func ask(_ want: BlockWant) async -> Bool {
        if request.isEmpty { request = Self.requestID() }
        guard await source.isInSync else {
            inbox.post(.supply(problem: "etcd has not said yet that the node is registered"))
            return false
        }
        let id = cause.isEmpty ? RequestID.own("grant") : cause
        do {
            let blocks = try await daemons.grant(
                want, to: settings.node, request: request, id: id, from: source.candidates())
            request = ""
            granted += 1
            wants.removeAll { $0.network == want.network }
            inbox.post(.reachable(.daemon, true))
            inbox.post(.supply(problem: nil))
            inbox.post(.granted(blocks))
            logger.info(
                "granted \(blocks.map(\.cidr)) of network \(want.network)", metadata: ["request": "\(id)"])
            return true
        } catch {
            // Whether the daemon acted is unknown when nobody answered: the same request is asked again.
            if error.status != nil { request = "" }
            inbox.post(.reachable(.daemon, error.status != nil))
            inbox.post(.supply(problem: error.description))
            return false
        }
    }

    private func giveBack() async {
        guard await source.isInSync else { return }
        let blocks = returns
        returns = []
        for block in blocks {
            do {
                try await daemons.release(block.cidr, of: settings.node, from: source.candidates())
                logger.info("gave back \(block.cidr)")
            } catch {
                logger.warning("\(error)")
                // It is still ours: back into the pool.
                if error.status != 404 { inbox.post(.ownBlock(block.cidr, block)) }
            }
        }
    }

    /// Writes tags and counts; a block that was freed and granted anew meanwhile is left alone.
    private func writeRecords() async {
        let batch = records
        records = [:]
        for (prefix, record) in batch {
            guard let created = await source.createRevision(of: prefix) else { continue }
            let key = "\(settings.blocksPrefix)\(prefix.family.rawValue)/\(prefix)"
            do {
                let value = try Array(JSONEncoder().encode(record))
                _ = try await etcd.commit(
                    EtcdTransaction(
                        conditions: [.createRevision(key, equals: created)],
                        then: [.put(key: key, value: value)]))
            } catch {
                if records[prefix] == nil { records[prefix] = record }
                logger.debug("\(error)")
            }
        }
    }

    private func repeatedly(_ gap: Duration, _ body: () async -> Void) async {
        while !Task.isCancelled {
            await body()
            try? await Task.sleep(for: gap)
        }
    }

    private static func requestID() -> String {
        (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined()
    }
}
