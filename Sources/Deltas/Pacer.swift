/// When to run something that is asked for often: at once when idle, never twice within a gap, and now and then unasked.
///
/// Times are nanoseconds of one clock that never runs backwards, passed in by the caller.
public struct Pacer: Sendable, Hashable {
    /// The least time from the start of a run to the start of the next, in nanoseconds.
    public let minimumGap: UInt64
    /// The longest time without a run, in nanoseconds; nil runs only when asked.
    public let maximumGap: UInt64?
    /// When the last run started; nil before the first.
    public private(set) var lastRun: UInt64?
    /// Whether a run was asked for since the last one started.
    public private(set) var isAsked = false

    /// A pacer that has not run yet; a longest gap below the least is raised to it.
    public init(minimumGap: UInt64, maximumGap: UInt64? = nil) {
        self.minimumGap = minimumGap
        self.maximumGap = maximumGap.map { max($0, minimumGap) }
    }

    /// Asks for a run as soon as the gap allows.
    public mutating func ask() { isAsked = true }

    /// Notes that a run starts at `now`, which answers everything asked before.
    public mutating func start(at now: UInt64) {
        lastRun = now
        isAsked = false
    }

    /// When the next run is due, 0 for at once; nil when nothing is to be done until ``ask()``.
    public var next: UInt64? {
        guard let gap = isAsked ? minimumGap : maximumGap else { return nil }
        guard let lastRun else { return 0 }
        let (due, overflow) = lastRun.addingReportingOverflow(gap)
        return overflow ? .max : due
    }

    /// Whether a run is due at `now`.
    public func isDue(at now: UInt64) -> Bool {
        guard let next else { return false }
        return next <= now
    }

    /// How many nanoseconds after `now` the next run is due, 0 when it is overdue; nil as for ``next``.
    public func delay(from now: UInt64) -> UInt64? {
        next.map { $0 > now ? $0 - now : 0 }
    }
}
