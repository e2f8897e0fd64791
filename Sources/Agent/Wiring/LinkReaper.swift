import LinuxSystem
import Netlink
import Synchronization

/// Deletes the links of pods that have gone, many at a time, on a thread and socket of its own.
///
/// Unregistering a link waits for RCU grace periods, 16 to 24 ms however many links one message names, and holds the
/// kernel's rtnl lock for part of it. So links that are down already are collected in a group and deleted together
/// when the node is quiet, when many have gathered, or when one has waited long.
final class LinkReaper: Sendable {
    /// When links are reaped.
    struct Pace: Sendable {
        /// Nanoseconds without a CNI request that count as quiet.
        var quiet: UInt64 = 15_000_000
        /// Links that are reaped at once, quiet or not.
        var crowd = 160
        /// Nanoseconds that a link waits at most.
        var patience: UInt64 = 1_000_000_000
    }

    private struct State {
        var waiting = 0
        var oldest: UInt64 = 0
        var lastRequest: UInt64 = 0
        var isStopping = false
    }

    private let pace: Pace
    private let state = Mutex(State())
    private let counter: EventCounter
    private let fault: String?
    private let report: @Sendable (Int, String?) -> Void

    /// Prepares a reaper; `report` is told of every attempt, with the kernel's refusal if there was one.
    init(
        pace: Pace = Pace(), fault: String? = nil, report: @escaping @Sendable (Int, String?) -> Void
    ) throws(SystemError) {
        self.pace = pace
        self.fault = fault
        self.report = report
        counter = try EventCounter()
    }

    /// Starts the thread in the caller's network namespace.
    func start() throws(SystemError) {
        _ = try NamedThread.start(name: "romana-reaper") { self.run() }
    }

    /// Says that links were put into the group.
    func add(_ count: Int, now: UInt64) {
        let wake = state.withLock { state in
            if state.waiting == 0 { state.oldest = now }
            let before = state.waiting
            state.waiting += count
            state.lastRequest = now
            return before == 0 || (before < pace.crowd && state.waiting >= pace.crowd)
        }
        if wake { counter.signal() }
    }

    /// Says that a CNI request is being served, so that the reaper holds back.
    func notice(now: UInt64) {
        state.withLock { $0.lastRequest = now }
    }

    /// Whether links wait for their end.
    var isWaiting: Bool { state.withLock { $0.waiting > 0 } }

    /// Ends the thread after what is waiting has been reaped.
    func stop() {
        state.withLock { $0.isStopping = true }
        counter.signal()
    }

    private func run() {
        do {
            let kernel = try KernelNetwork()
            var faults = FaultPoint(fault)
            while let count = waitForWork() {
                faults.pass("reap-before")
                reap(count, kernel)
                faults.pass("reap-after")
            }
        } catch {
            report(0, "\(error)")
        }
    }

    /// Sleeps until links are to be reaped; nil when the agent ends.
    private func waitForWork() -> Int? {
        while true {
            let now = Clock.monotonicNanoseconds()
            let (due, count, isStopping) = state.withLock { state -> (UInt64?, Int, Bool) in
                guard state.waiting > 0 else { return (nil, 0, state.isStopping) }
                let isUrgent = state.waiting >= pace.crowd || state.isStopping
                let due = isUrgent ? now : min(state.lastRequest + pace.quiet, state.oldest + pace.patience)
                return (due, state.waiting, state.isStopping)
            }
            guard let due else {
                if isStopping { return nil }
                _ = counter.wait()
                continue
            }
            if due <= now {
                state.withLock { $0.waiting -= count }
                return count
            }
            _ = counter.wait(timeoutMilliseconds: Int32(clamping: (due - now) / 1_000_000 + 1))
        }
    }

    private func reap(_ count: Int, _ kernel: KernelNetwork) {
        do {
            // ip link delete group 7171
            let refusal = try kernel.apply([.deleteLinkGroup(Ownership.reapGroup)])[0]
            // No such link: the runtime removed the namespaces first, and the kernel the links with them.
            report(count, refusal.flatMap { $0.errno == .ENODEV ? nil : "\($0)" })
        } catch {
            report(count, "\(error)")
        }
    }
}
