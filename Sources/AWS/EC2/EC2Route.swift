public import Addresses

/// A route of a VPC's table.
public struct EC2Route: Hashable, Sendable {
    /// What the route is for.
    public enum Destination: Hashable, Sendable, CustomStringConvertible {
        /// A prefix of either family.
        case prefix(IPPrefix)
        /// A list of prefixes that AWS or the account keeps: `pl-...`.
        case prefixList(String)
        /// Something that EC2 has come to say since.
        case unknown(String)

        /// The prefix, the list's id, or what EC2 said.
        public var description: String {
            switch self {
            case .prefix(let prefix): prefix.description
            case .prefixList(let id): id
            case .unknown(let text): text
            }
        }
    }

    /// Where it leads.
    public enum Target: Hashable, Sendable {
        /// An interface, and the instance that it is on.
        case networkInterface(String, instanceID: String?)
        /// An instance whose interface EC2 does not name.
        case instance(String)
        /// The VPC itself.
        case local
        /// A gateway of any kind that has `gatewayId`: to the internet, virtual private, a load balancer's endpoint.
        case gateway(String)
        /// A NAT gateway.
        case natGateway(String)
        /// A peering with another VPC.
        case peering(String)
        /// A transit gateway.
        case transitGateway(String)
        /// Anything else, by its id, or empty.
        case other(String)
    }

    /// Whether it works.
    public enum State: String, Hashable, Sendable {
        case active
        /// What it leads to is gone, stopped or not attached.
        case blackhole
        /// Something that EC2 has come to say since.
        case unknown
    }

    /// How it came about.
    public enum Origin: String, Hashable, Sendable {
        /// With the table.
        case table = "CreateRouteTable"
        /// Somebody made it.
        case request = "CreateRoute"
        /// A virtual private gateway told it.
        case propagation = "EnableVgwRoutePropagation"
        /// Something that EC2 has come to say since.
        case unknown
    }

    /// What it is for.
    public var destination: Destination
    /// Where it leads.
    public var target: Target
    /// Whether it works.
    public var state: State
    /// How it came about.
    public var origin: Origin

    /// A route, as a test would make it.
    public init(
        destination: Destination, target: Target, state: State = .active, origin: Origin = .request
    ) {
        self.destination = destination
        self.target = target
        self.state = state
        self.origin = origin
    }
}
