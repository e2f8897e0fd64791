import Synchronization

/// The buckets of all actions, and what was called.
final class CallPacer: Sendable {
    private struct State {
        var buckets: [String: CallBucket] = [:]
        var counts: [String: AWSCallCount] = [:]
    }

    private let state = Mutex(State())

    /// What we allow ourselves: a fraction of what AWS grants an account, which others share.
    static func limits(_ action: String) -> CallBucket.Limits {
        action.hasPrefix("Describe") ? .init(burst: 20, rate: 5) : .init(burst: 20, rate: 4)
    }

    /// Every action's calls so far, by its name.
    var counts: [String: AWSCallCount] { state.withLock(\.counts) }

    /// How long to wait before a call, which is counted as made.
    func take(_ action: String, at now: ContinuousClock.Instant) -> Duration {
        state.withLock { state in
            state.counts[action, default: AWSCallCount()].calls += 1
            return state.buckets[action, default: CallBucket(Self.limits(action), at: now)].take(at: now)
        }
    }

    /// How a call ended; nil if it was granted.
    func note(_ action: String, _ failure: AWSError.Code?, at now: ContinuousClock.Instant) {
        state.withLock { state in
            switch failure {
            case nil: state.buckets[action]?.wasGranted(at: now)
            case .throttled:
                state.buckets[action]?.wasThrottled(at: now)
                state.counts[action]?.throttled += 1
            default: state.counts[action]?.failed += 1
            }
        }
    }
}

/// How often an action of AWS was called.
public struct AWSCallCount: Hashable, Sendable {
    /// Requests that were sent, those that were repeated included.
    public var calls = 0
    /// Requests that AWS took for too many.
    public var throttled = 0
    /// Requests that failed otherwise.
    public var failed = 0

    /// Nothing called yet.
    public init() {}
}
