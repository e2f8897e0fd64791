/// One thing to do to one place in a table.
public struct RouteStep: Hashable, Sendable {
    /// What is done.
    public enum Action: Hashable, Sendable {
        /// There is no route, and one is made.
        case create
        /// Our route gets another target.
        case replace
        /// Our route goes.
        case delete
        /// A route that is there as it should be goes on record as ours.
        case adopt
        /// What is on record of a route goes: it is not there, or not ours.
        case forget
    }

    /// What is done.
    public var action: Action
    /// Where.
    public var key: RouteKey
    /// The host that it leads to afterwards; nil where there is none afterwards.
    public var host: String?
    /// What the route is made with.
    public var target: HostTarget?
    /// The interface that it leads to before.
    public var former: String?
    /// Why.
    public var reason: String
    /// What it is a route to, in words.
    public var purpose: String

    /// A step.
    public init(
        _ action: Action, _ key: RouteKey, host: String? = nil, target: HostTarget? = nil, former: String? = nil,
        reason: String, purpose: String = ""
    ) {
        self.action = action
        self.key = key
        self.host = host
        self.target = target
        self.former = former
        self.reason = reason
        self.purpose = purpose
    }

    /// Whether the cloud is asked to do something.
    public var isCall: Bool { action != .adopt && action != .forget }
}
