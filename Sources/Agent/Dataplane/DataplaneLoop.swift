import CNIProtocol
import LinuxSystem
import Logging

/// The epoll loop that drives a ``Dataplane``: requests first, then changes, then slow work in slices.
final class DataplaneLoop {
    private let dataplane: Dataplane
    private let inbox: DataplaneInbox
    private let server: CNIServer
    /// Answers whoever asks for the node's state, elsewhere.
    private let tellState: @Sendable (NodeReport, _ connection: UInt64) -> Void
    private var poll: Epoll
    private var nextUpkeep: UInt64 = 0
    private var nextAudit: UInt64

    private static let inboxToken: UInt64 = 0
    private static let listenerToken: UInt64 = 1
    /// Nanoseconds between two looks at idle blocks and unwritten counts.
    private static let upkeepGap: UInt64 = 1_000_000_000
    /// Nanoseconds between two comparisons of the kernel with what is wanted.
    private static let auditGap: UInt64 = 60_000_000_000

    init(
        dataplane: Dataplane, inbox: DataplaneInbox, server: CNIServer,
        tellState: @escaping @Sendable (NodeReport, _ connection: UInt64) -> Void
    ) throws(SystemError) {
        self.dataplane = dataplane
        self.inbox = inbox
        self.server = server
        self.tellState = tellState
        nextAudit = Clock.monotonicNanoseconds() + Self.auditGap
        poll = try Epoll()
        try poll.add(inbox.descriptor, .readable, token: Self.inboxToken)
        try poll.add(server.descriptor, .readable, token: Self.listenerToken)
    }

    /// Runs until a ``DataplaneChange/stop`` arrives.
    func run() throws(SystemError) {
        var hasMoreRoutes = false
        while true {
            let timeout = hasMoreRoutes ? 0 : timeout(Clock.monotonicNanoseconds())
            let events = try poll.wait(timeoutMilliseconds: timeout)
            guard handle(events) else { return }
            hasMoreRoutes = dataplane.programRoutes()
            keepUp(Clock.monotonicNanoseconds())
        }
    }

    private func handle(_ events: [Epoll.Event]) -> Bool {
        var hasChanges = false
        for event in events {
            switch event.token {
            case Self.inboxToken: hasChanges = true
            case Self.listenerToken: server.accept(into: poll)
            default: server.progress(event)
            }
        }
        for connection in server.takeClosed() { dataplane.abandon(connection: connection) }
        let requests = server.takeRequests(tellState: { tellState(dataplane.report(), $0) }, poll)
        if !requests.isEmpty { answer(dataplane.serve(requests, now: Clock.monotonicNanoseconds())) }
        guard hasChanges else { return true }
        for change in inbox.drain() {
            switch change {
            case .stop: return false
            case .state(let connection, let bytes):
                server.answer(connection, CNIAnswer(status: 0, output: bytes), poll)
                continue
            default: break
            }
            dataplane.take(change, now: Clock.monotonicNanoseconds())
        }
        dataplane.programPolicies(now: Clock.monotonicNanoseconds())
        answer(dataplane.serveWaiting(now: Clock.monotonicNanoseconds()))
        dataplane.announceNeeds()
        return true
    }

    private func answer(_ served: [Dataplane.Served]) {
        guard !served.isEmpty else { return }
        for (request, answer) in served { server.answer(request.connection, answer, poll) }
        dataplane.answered(served, now: Clock.monotonicNanoseconds())
    }

    private func keepUp(_ now: UInt64) {
        if let deadline = dataplane.nextDeadline, deadline <= now { answer(dataplane.serveWaiting(now: now)) }
        if nextUpkeep <= now {
            nextUpkeep = now + Self.upkeepGap
            dataplane.keepUp(now: now)
            dataplane.announceNeeds()
            server.cutSlowClients(now: now)
            dataplane.counters.badClients = server.badClients
        }
        if nextAudit <= now {
            nextAudit = now + Self.auditGap
            dataplane.take(.kernelChanged, now: now)
        }
    }

    private func timeout(_ now: UInt64) -> Int32 {
        var due = min(nextUpkeep, nextAudit)
        if let deadline = dataplane.nextDeadline { due = min(due, deadline) }
        return due <= now ? 0 : Int32(clamping: (due - now) / 1_000_000 + 1)
    }
}
