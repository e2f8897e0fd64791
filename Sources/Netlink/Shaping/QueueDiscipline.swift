/// What becomes of the packets of a link: of those that it sends, or of those that come in (`tc qdisc`).
public struct QueueDiscipline: Hashable, Sendable {
    /// The kinds that are made here, and all others.
    public enum Kind: Hashable, Sendable {
        /// Packets that the link sends are held to a rate.
        case tokenBucket(TokenBucket)
        /// Packets that come in pass filters, such as an ``IngressRedirection``.
        case ingress
        /// Another kind, by its name; never made here.
        case other(String)
    }

    /// The link's number.
    public var interface: UInt32
    /// What is done with its packets.
    public var kind: Kind

    /// A discipline of a link.
    public init(interface: UInt32, kind: Kind) {
        self.interface = interface
        self.kind = kind
    }
}

extension QueueDiscipline: CustomStringConvertible {
    /// As `tc qdisc add` takes it.
    public var description: String {
        switch kind {
        case .tokenBucket(let bucket): "dev if\(interface) root handle 1: \(bucket)"
        case .ingress: "dev if\(interface) ingress"
        case .other(let name): "dev if\(interface) \(name)"
        }
    }
}
