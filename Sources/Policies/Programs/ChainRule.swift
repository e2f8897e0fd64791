public import Addresses

/// A rule of a chain: traffic with peers, and what becomes of it.
public struct ChainRule: Hashable, Sendable {
    /// What becomes of traffic that matches.
    public enum Verdict: Hashable, Sendable {
        /// This direction allows it.
        case allow
        /// It is dropped.
        case deny
        /// Another chain goes on with it, and this one after that.
        case chain(String)
    }

    /// The family it is about; nil for both.
    public var family: AddressFamily?
    /// The other ends.
    public var peer: PeerMatch
    /// The traffic.
    public var traffic: TrafficMatch
    /// What becomes of it.
    public var verdict: Verdict
    /// The policy and the rule in it that it comes from, for people.
    public var origin: String

    /// A rule.
    public init(
        family: AddressFamily? = nil, peer: PeerMatch = .any, traffic: TrafficMatch = .any, verdict: Verdict,
        origin: String
    ) {
        self.family = family
        self.peer = peer
        self.traffic = traffic
        self.verdict = verdict
        self.origin = origin
    }
}
