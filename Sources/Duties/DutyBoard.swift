public import AWS
import Synchronization

/// How the duties go that this agent is a candidate for, for whoever asks.
public final class DutyBoard: Sendable {
    private struct State {
        var standings: [String: Election.Standing] = [:]
        var terms: [String: Int] = [:]
        var listener: ListenerReport?
        var sourceDest: SourceDestReport?
        var calls: (@Sendable () -> [String: AWSCallCount])?
        var vpcRouter: VPCReport?
    }

    private let state = Mutex(State())

    /// An empty board.
    public init() {}

    /// How each election stands, by the names of the duties.
    public var standings: [String: Election.Standing] { state.withLock { $0.standings } }

    /// How often this agent was elected to a duty.
    public func terms(_ duty: String) -> Int { state.withLock { $0.terms[duty] ?? 0 } }

    /// What the listener does; nil while it is another's duty.
    public var listener: ListenerReport? {
        get { state.withLock { $0.listener } }
    }

    /// What the duty `aws` does; nil while it is another's.
    public var sourceDest: SourceDestReport? { state.withLock(\.sourceDest) }

    /// How often each action of AWS was called by all duties of this agent; nil where none calls AWS.
    public var calls: [String: AWSCallCount]? { state.withLock(\.calls)?() }

    /// Says who knows how often AWS was called.
    public func setCalls(_ calls: @escaping @Sendable () -> [String: AWSCallCount]) {
        state.withLock { $0.calls = calls }
    }

    func changeSourceDest(_ body: (inout SourceDestReport?) -> Void) { state.withLock { body(&$0.sourceDest) } }

    /// How routes in the VPC stand; nil while they are another's duty.
    public var vpcRouter: VPCReport? { state.withLock { $0.vpcRouter } }

    func note(_ duty: String, _ standing: Election.Standing) {
        state.withLock { state in
            let wasOwn = state.standings.updateValue(standing, forKey: duty)?.isOwn ?? false
            if standing.isOwn, !wasOwn { state.terms[duty, default: 0] += 1 }
        }
    }

    func change(_ body: (inout ListenerReport?) -> Void) { state.withLock { body(&$0.listener) } }

    func changeVPCRouter(_ body: (inout VPCReport?) -> Void) { state.withLock { body(&$0.vpcRouter) } }
}

/// What the listener has done since it was elected.
public struct ListenerReport: Hashable, Sendable {
    /// Whether everything was listed and written once.
    public var isInSync = false
    /// When it wrote last, or found nothing to write after a list: seconds since 1970; 0 before.
    public var lastSync: Int64 = 0
    /// Pods that can be members.
    public var pods = 0
    /// Namespaces.
    public var namespaces = 0
    /// NetworkPolicies in the API.
    public var policies = 0
    /// NetworkPolicies that do not stand as they are written, by `NAMESPACE/NAME`.
    public var refusals: [String: String] = [:]
    /// Groups that are kept.
    public var groups = 0
    /// Members of all of them together.
    public var members = 0
    /// Hosts that are registered.
    public var hosts = 0
    /// Hosts whose nodes are gone from the API and whose agents are not alive; they are removed when that lasts.
    public var lostHosts = 0
    /// Hosts that were removed.
    public var hostsRemoved = 0
    /// Transactions that were made.
    public var transactions = 0
    /// Keys that were written or deleted.
    public var operations = 0

    /// Nothing done yet.
    public init() {}
}
