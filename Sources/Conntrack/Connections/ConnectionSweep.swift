/// Which connections a change of policy ends: those that it may concern and that are not allowed any more.
///
/// Connections that the change cannot concern are never judged, so that one that nobody asks about is never cut.
public struct ConnectionSweep {
    /// The connections that are judged.
    public let selection: ConnectionSelection
    private let isAllowed: (Connection) -> Bool

    /// A sweep of the connections in `selection` that `isAllowed` says no to.
    public init(_ selection: ConnectionSelection, isAllowed: @escaping (Connection) -> Bool) {
        self.selection = selection
        self.isAllowed = isAllowed
    }

    /// Whether a connection is ended.
    public func ends(_ connection: Connection) -> Bool {
        selection.contains(connection) && !isAllowed(connection)
    }

    /// Those of `connections` that are ended.
    public func ended(among connections: some Sequence<Connection>) -> [Connection] {
        connections.filter(ends)
    }
}
