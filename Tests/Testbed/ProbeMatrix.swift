import Glibc
import LinuxSystem
import Synchronization

/// Probes from many network namespaces to many addresses at once, and servers that answer them, on one thread.
///
/// A socket stays in the namespace that its thread was in when it was made, so one thread can hold those of all pods,
/// and a thousand probes take as long as the slowest of them.
public final class ProbeMatrix: Sendable {
    private typealias Command = @Sendable (ProbeLoop) -> Void

    private struct Queue {
        var commands: [Command] = []
        var isStopped = false
    }
    private let queue = Mutex(Queue())
    private let wake: EventCounter

    /// Starts the thread; there are no sites yet.
    public init() throws(TestbedError) {
        wake = try TestbedError.converting { () throws(SystemError) in try EventCounter() }
        Self.raiseDescriptorLimit()
        _ = try TestbedError.converting { () throws(SystemError) in
            try NamedThread.start(name: "prober") { self.run() }
        }
    }

    /// Ends the thread and closes every socket.
    public func stop() {
        queue.withLock { $0.isStopped = true }
        wake.signal()
    }

    private func run() {
        do throws(SystemError) {
            let loop = try ProbeLoop()
            try loop.watch(wake: wake.rawValue)
            while true {
                wake.drain()
                let (commands, isStopped) = queue.withLock { queue in
                    defer { queue.commands = [] }
                    return (queue.commands, queue.isStopped)
                }
                if isStopped { return }
                for command in commands { command(loop) }
                try loop.turn(wake: wake.rawValue)
            }
        } catch {
            StandardError.print("prober: \(error)")
            abort()
        }
    }

    /// Has the thread do something and waits for what it tells.
    private func ask<Value: Sendable>(
        _ body:
            @escaping @Sendable (ProbeLoop, _ answer: @escaping @Sendable (Value) -> Void) throws(SystemError) -> Void
    ) async throws(TestbedError) -> Value {
        let result: Result<Value, SystemError> = await withCheckedContinuation { continuation in
            let command: Command = { loop in
                do throws(SystemError) {
                    try body(loop) { continuation.resume(returning: .success($0)) }
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            queue.withLock { $0.commands.append(command) }
            wake.signal()
        }
        return try TestbedError.converting { () throws(SystemError) in try result.get() }
    }

    /// Has the thread do something that takes no time.
    private func perform(_ body: @escaping @Sendable (ProbeLoop) throws(SystemError) -> Void) async throws(TestbedError)
    {
        let _: Bool = try await ask { loop, answer throws(SystemError) in
            try body(loop)
            answer(true)
        }
    }

    // MARK: - Sites

    /// Adds a site, or gives the one of this name another namespace.
    public func add(_ site: String, namespace: String) async throws(TestbedError) {
        try await perform { loop throws(SystemError) in loop.sites[site] = try ProbeSite(site, namespace) }
    }

    /// Has a site answer on these ports, in both families, from now on.
    public func serve(
        _ site: String, tcp: [UInt16], udp: [UInt16], sctp: [UInt16] = []
    ) async throws(TestbedError) {
        try await perform { loop throws(SystemError) in try loop.serve(site, tcp: tcp, udp: udp, sctp: sctp) }
    }

    /// Closes a site's servers and forgets it.
    public func remove(_ site: String) async throws(TestbedError) {
        try await perform { $0.remove(site) }
    }

    // MARK: - Probes

    /// Sends all probes at once; one that is not answered after `patience` counts as silent.
    ///
    /// - Returns: the outcomes in the order of the probes, as soon as all are known.
    public func run(
        _ probes: [Probe], patience: Duration = .milliseconds(200)
    ) async throws(TestbedError) -> [ProbeOutcome] {
        guard !probes.isEmpty else { return [] }
        return try await ask { (loop, answer) throws(SystemError) in
            try loop.begin(probes, patience: patience, completion: answer)
        }
    }

    // MARK: - Flows

    /// Opens connections, or sends first datagrams, that are to last; nil for those that do not come about in time.
    public func open(
        _ probes: [Probe], patience: Duration = .milliseconds(500)
    ) async throws(TestbedError) -> [ProbeFlow?] {
        try await ask { (loop, answer) throws(SystemError) in
            try loop.open(probes, patience: patience, completion: answer)
        }
    }

    /// Sends a word through every flow and waits for its echo.
    public func exchange(
        _ flows: [ProbeFlow], patience: Duration = .milliseconds(300)
    ) async throws(TestbedError) -> [ProbeEcho] {
        try await ask { (loop, answer) throws(SystemError) in
            try loop.exchange(flows, patience: patience, completion: answer)
        }
    }

    /// Ends flows with a reset.
    public func close(_ flows: [ProbeFlow]) async throws(TestbedError) {
        try await perform { $0.close(flows) }
    }

    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(kind, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(kind, &limit)
    }
}
