public import Addresses

/// A rule that sends packets to a routing table (`ip rule`).
public struct RoutingRule: Hashable, Sendable {
    /// The family it is for.
    public var family: AddressFamily
    /// The table it leads to.
    public var table: UInt32
    /// Its place among the rules, lower first; local is 0, main 32766, default 32767.
    public var priority: UInt32
    /// Who made it; our own number marks our rules.
    public var routeProtocol: UInt8
    /// The sources it is for; nil for all.
    public var source: IPPrefix?
    /// The destinations it is for; nil for all.
    public var destination: IPPrefix?
    /// The packet mark it is for; nil for all.
    public var mark: UInt32?

    /// A rule with the given properties.
    public init(
        family: AddressFamily, table: UInt32, priority: UInt32, routeProtocol: UInt8 = 4, source: IPPrefix? = nil,
        destination: IPPrefix? = nil, mark: UInt32? = nil
    ) {
        self.family = family
        self.table = table
        self.priority = priority
        self.routeProtocol = routeProtocol
        self.source = source
        self.destination = destination
        self.mark = mark
    }
}

extension RoutingRule: CustomStringConvertible {
    /// As `ip rule add` takes it; the family is named when no prefix shows it.
    public var description: String {
        var words = source == nil && destination == nil ? ["\(family)"] : []
        words += ["priority", "\(priority)"]
        if let source { words += ["from", "\(source)"] }
        if let destination { words += ["to", "\(destination)"] }
        if let mark { words += ["fwmark", "0x" + String(mark, radix: 16)] }
        words += ["lookup", "\(table)", "protocol", "\(routeProtocol)"]
        return words.joined(separator: " ")
    }
}
