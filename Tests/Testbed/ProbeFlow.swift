/// A connection that was opened through a matrix and lasts, or datagrams that keep to their ports.
public struct ProbeFlow: Sendable, Hashable, CustomStringConvertible {
    let number: UInt64
    /// What opened it.
    public let probe: Probe

    /// Such as `flow x/a -> 10.112.0.3 tcp 80`.
    public var description: String { "flow \(probe)" }
}

/// What became of a word that was sent through a flow.
public enum ProbeEcho: Sendable, Hashable {
    /// It came back.
    case echoed
    /// Nothing came back in time; a stream will go on trying.
    case silent
    /// The flow has ended, by the name of an error.
    case broken(String)
}
