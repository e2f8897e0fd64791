public import Addresses

/// What the agent is told about policy and about the node's own rules.
public struct PolicySettings: Sendable {
    /// Whether policies are enforced; if not, every pod takes everything.
    public var isEnforced = true
    /// The group of NFLOG that drops are told to; nil for none.
    public var logGroup: UInt16? = 71
    /// Whether connections that a change of policy forbids go on until they end.
    public var keepsConnections = false
    /// Whether what pods send out of the cluster gets the node's address.
    public var translates = true
    /// The link on which it does; that of the node's address when nil.
    public var translationLink: String?
    /// Addresses of Services: never translated.
    public var serviceRanges: [IPPrefix] = []
    /// Whether pods may open connections to their own node.
    public var allowsPodToHost = true

    /// As the documents have it.
    public init() {}
}
