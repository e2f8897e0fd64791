/// What is on record of a route that we made: by this alone it is ours.
public struct OwnRoute: Hashable, Sendable {
    /// The host that it leads to.
    public var host: String
    /// The interface that it leads to.
    public var interface: String
    /// The interface that it led to before, while nobody knows whether the change was made.
    public var former: String?
    /// Since when it leads there, in seconds since 1970.
    public var since: Int64
    /// Why it does.
    public var reason: String
    /// What it is a route to, in words.
    public var purpose: String

    /// A record.
    public init(
        host: String, interface: String, former: String? = nil, since: Int64 = 0, reason: String = "",
        purpose: String = ""
    ) {
        self.host = host
        self.interface = interface
        self.former = former
        self.since = since
        self.reason = reason
        self.purpose = purpose
    }
}
