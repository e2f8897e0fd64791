import Glibc
import LinuxSystem

/// What the prober's thread owns: sockets in many namespaces, and what each of them is for.
final class ProbeLoop {
    /// What a socket is for.
    enum Role {
        /// Takes connections for a site.
        case listener(String)
        /// Echoes datagrams for a site.
        case echo(String)
        /// Agrees to associations for a site, on these ports.
        case acknowledger(String, Set<UInt16>)
        /// A connection that was taken: echoes what comes.
        case served
        /// Opens one connection of a run, or sends one datagram.
        case attempt(ProbeRun, Int)
        /// Sends the raw packets of a run.
        case asker(ProbeRun, AskerKind)
        /// A connection that lasts.
        case flow(ProbeFlowState)
    }

    private struct Watched {
        let socket: ProbeSocket
        let role: Role
    }

    let home: FileDescriptor
    var sites: [String: ProbeSite] = [:]
    var runs: [ProbeRun] = []
    var flows: [UInt64: ProbeFlowState] = [:]
    var exchanges: [ProbeExchange] = []
    private let epoll: Epoll
    private var watched: [UInt64: Watched] = [:]
    private var lastToken: UInt64 = 0
    private var lastPort = UInt16.random(in: 10_000..<60_000)
    private var lastNumber = UInt64.random(in: 0..<1 << 60)

    init() throws(SystemError) {
        home = try NetworkNamespace.current()
        epoll = try Epoll()
    }

    /// Waits until `wake` is readable or a socket is ready, serves the sockets and ends what is decided or overdue.
    func turn(wake: Int32) throws(SystemError) {
        let next = (runs.map(\.deadline) + exchanges.map(\.deadline)).min()
        let timeout = next.map { instant in
            let left = ContinuousClock.now.duration(to: instant).components
            return Int32(clamping: max(0, left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1))
        }
        var events = try epoll.wait(timeoutMilliseconds: timeout ?? -1)
        // All that has arrived is served before anything counts as silent, however late this thread is.
        while !events.isEmpty {
            for event in events { serve(event.token) }
            if events.contains(where: { $0.token == 0 }) { break }
            events = try epoll.wait(timeoutMilliseconds: 0)
        }
        let now = ContinuousClock.now
        for run in runs where run.isDecided || run.deadline <= now { end(run) }
        runs.removeAll { $0.isDecided || $0.deadline <= now }
        for exchange in exchanges where exchange.isDecided || exchange.deadline <= now { exchange.complete() }
        exchanges.removeAll { $0.isDecided || $0.deadline <= now }
    }

    /// Has `turn` end when this descriptor is readable.
    func watch(wake: Int32) throws(SystemError) { try epoll.add(wake, token: 0) }

    /// Waits for a socket from now on.
    /// - Returns: the token to forget it by.
    @discardableResult
    func watch(_ socket: ProbeSocket, _ role: Role) throws(SystemError) -> UInt64 {
        lastToken += 1
        try epoll.add(socket.descriptor, token: lastToken)
        watched[lastToken] = Watched(socket: socket, role: role)
        return lastToken
    }

    /// Closes a socket.
    func forget(_ token: UInt64) {
        guard let entry = watched.removeValue(forKey: token) else { return }
        try? epoll.remove(entry.socket.descriptor)
    }

    /// Closes every socket of some roles.
    func forget(where matches: (Role) -> Bool) {
        for token in watched.filter({ matches($0.value.role) }).keys { forget(token) }
    }

    /// A number that no run or flow of any prober had.
    func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    /// A port that no packet of this prober came from lately.
    func nextPort() -> UInt16 {
        lastPort = lastPort == 60_000 ? 10_000 : lastPort + 1
        return lastPort
    }

    private func end(_ run: ProbeRun) {
        run.tokens.forEach(forget)
        run.complete()
    }

    private func serve(_ token: UInt64) {
        guard let entry = watched[token] else { return }
        switch entry.role {
        case .listener(let site): take(entry.socket, site)
        case .echo(let site): echo(entry.socket, site)
        case .acknowledger(let site, let ports): acknowledge(entry.socket, site, ports)
        case .served: echoStream(entry.socket, token)
        case .attempt(let run, let index): conclude(entry.socket, token, run, index)
        case .asker(let run, let kind): hear(entry.socket, run, kind)
        case .flow(let state):
            state.hear()
            // One that has ended is ready for ever.
            if state.end != nil { forget(token) }
        }
    }
}
