/// A question of reachability: whether a packet gets from here to there, and the answer back.
public struct Probe: Sendable, Hashable, CustomStringConvertible {
    /// What is sent.
    public enum Transport: String, Sendable, Hashable, CaseIterable {
        /// A connection is opened.
        case tcp
        /// A datagram is sent, and its echo awaited.
        case udp
        /// An association is asked for.
        case sctp
        /// An echo request is sent; the port means nothing.
        case icmp
    }

    /// The site that asks, by its name in the matrix.
    public var from: String
    /// The address that is asked.
    public var address: String
    /// What is sent.
    public var transport: Transport
    /// The port that is asked.
    public var port: UInt16

    /// A question from a site to an address.
    public init(from: String, to address: String, _ transport: Transport, _ port: UInt16 = 0) {
        self.from = from
        self.address = address
        self.transport = transport
        self.port = port
    }

    /// Such as `x/a -> 10.112.0.3 tcp 80`.
    public var description: String { "\(from) -> \(address) \(transport)\(port == 0 ? "" : " \(port)")" }
}

/// What became of a probe.
public enum ProbeOutcome: Sendable, Hashable, CustomStringConvertible {
    /// It came through and was answered, by the site of this name; nil where the answer does not say.
    case answered(by: String?)
    /// The other end, or somebody in its name, refused the connection.
    case refused
    /// The own kernel knew at once, or was told, that there is no way.
    case unreachable(String)
    /// Nothing came back in time.
    case silent

    /// Whether it came through.
    public var isAnswered: Bool {
        if case .answered = self { true } else { false }
    }

    /// Such as `answered by y/b`.
    public var description: String {
        switch self {
        case .answered(let site): site.map { "answered by \($0)" } ?? "answered"
        case .refused: "refused"
        case .unreachable(let why): "unreachable: \(why)"
        case .silent: "silent"
        }
    }
}
