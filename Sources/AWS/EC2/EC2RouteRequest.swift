public import Addresses

/// A route that is to be.
public struct EC2RouteRequest: Hashable, Sendable {
    /// What a route of ours may lead to.
    public enum Target: Hashable, Sendable, CustomStringConvertible {
        /// An interface, which is right for instances with several.
        case networkInterface(String)
        /// An instance that has one interface.
        case instance(String)

        /// The id.
        public var description: String {
            switch self {
            case .networkInterface(let id), .instance(let id): id
            }
        }
    }

    /// The table.
    public var table: String
    /// What the route is for.
    public var destination: IPPrefix
    /// Where it leads.
    public var target: Target

    /// A request.
    public init(table: String, destination: IPPrefix, target: Target) {
        self.table = table
        self.destination = destination
        self.target = target
    }
}
