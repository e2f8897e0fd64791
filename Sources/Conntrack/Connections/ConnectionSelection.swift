public import Addresses

/// Which connections are meant, by who opened them and who really answers.
public struct ConnectionSelection: Hashable, Sendable {
    /// Whether every connection is meant, whatever the addresses.
    public var isEverything: Bool
    /// Connections that one of these opened.
    public var initiators: Set<IPAddress>
    /// Connections that one of these answers.
    public var destinations: Set<IPAddress>

    /// Connections that one of `initiators` opened or one of `destinations` answers.
    public init(initiators: Set<IPAddress> = [], destinations: Set<IPAddress> = []) {
        isEverything = false
        self.initiators = initiators
        self.destinations = destinations
    }

    /// Connections that one of the addresses has either part in.
    public init(addresses: Set<IPAddress>) {
        self.init(initiators: addresses, destinations: addresses)
    }

    /// Every connection.
    public static var everything: ConnectionSelection {
        var selection = ConnectionSelection()
        selection.isEverything = true
        return selection
    }

    /// Whether a connection is meant.
    public func contains(_ connection: Connection) -> Bool {
        isEverything || initiators.contains(connection.initiator) || destinations.contains(connection.destination)
    }

    /// How many parts of addresses it names.
    var size: Int { initiators.count + destinations.count }

    /// Whether no connection is meant.
    var isEmpty: Bool { !isEverything && size == 0 }

    /// The same for addresses of one family only.
    func narrowed(to family: AddressFamily) -> ConnectionSelection {
        ConnectionSelection(
            initiators: initiators.filter { $0.family == family },
            destinations: destinations.filter { $0.family == family })
    }
}
