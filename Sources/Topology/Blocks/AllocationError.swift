public import Addresses

/// Why an owner gets no addresses.
public enum AllocationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No network on this node serves the tenant.
    case noNetwork(tenant: String)
    /// The node holds no block with an address left in the networks that serve the tenant.
    case noAddress(family: AddressFamily, tenant: String, segment: String, networks: [String])

    /// One sentence.
    public var description: String {
        switch self {
        case .noNetwork(let tenant):
            "allocate addresses for tenant \(tenant): no network on this node serves it"
        case .noAddress(let family, let tenant, let segment, let networks):
            "allocate an \(family) address for \(tenant)/\(segment): this node has no address left "
                + "in network \(networks.joined(separator: " or "))"
        }
    }
}
