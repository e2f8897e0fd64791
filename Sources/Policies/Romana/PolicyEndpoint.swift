public import Addresses

/// One end of the traffic that a policy is about, as its document writes it.
public struct PolicyEndpoint: Hashable, Sendable {
    /// A peer by a word: `any`, `host` or `local`; empty when it is named otherwise.
    public var peer: String
    /// A peer by its addresses.
    public var cidr: IPPrefix?
    /// A target by a word: `host` or `local`; empty when it is named otherwise.
    public var destination: String
    /// Pods by their tenant.
    public var tenant: String
    /// Pods of the tenant by their segment; empty for all of them.
    public var segment: String

    /// An endpoint; what is left out is not said.
    public init(
        peer: String = "", cidr: IPPrefix? = nil, destination: String = "", tenant: String = "", segment: String = ""
    ) {
        self.peer = peer
        self.cidr = cidr
        self.destination = destination
        self.tenant = tenant
        self.segment = segment
    }

    /// What sort of endpoint this is as the target of a policy; nil when it is none.
    public var targetKind: PolicyEndpointKind? {
        switch destination {
        case "local": .local
        case "host": .host
        case "": pods
        default: nil
        }
    }

    /// What sort of endpoint this is as a peer; nil when it is none.
    public var peerKind: PolicyEndpointKind? {
        switch peer {
        case "local": .local
        case "host": .host
        case "any": .any
        case "": cidr == nil ? pods : .cidr
        default: nil
        }
    }

    private var pods: PolicyEndpointKind? {
        guard !tenant.isEmpty else { return nil }
        return segment.isEmpty ? .tenant : .segment
    }

    /// The fields that are set, by their names in the document; a segment belongs to its tenant.
    var fields: [String] {
        var fields: [String] = []
        if !peer.isEmpty { fields.append("peer") }
        if cidr != nil { fields.append("cidr") }
        if !destination.isEmpty { fields.append("dest") }
        if !tenant.isEmpty || !segment.isEmpty { fields.append("tenant_id") }
        return fields
    }
}

/// The sorts of endpoints.
public enum PolicyEndpointKind: String, Hashable, Sendable, CaseIterable {
    /// Everything there is.
    case any
    /// The node itself.
    case host
    /// Whatever is on the node.
    case local
    /// Addresses.
    case cidr
    /// All pods of a tenant.
    case tenant
    /// The pods of one segment of a tenant.
    case segment

    /// Its name in sentences.
    public var noun: String {
        switch self {
        case .any, .host, .local, .cidr, .tenant: rawValue
        case .segment: "tenant and segment"
        }
    }
}
