public import Addresses
public import Policies

/// A pod, as far as its policies and its wiring need it.
public struct Pod: KubernetesResource, Hashable {
    /// Where they are.
    public static let collection = KubernetesCollection("v1", "pods")

    /// Who it is.
    public var metadata: ObjectMetadata
    /// The node that it runs on; empty before it was given one.
    public var node: String
    /// Its addresses, at most one of each family.
    public var addresses: [IPAddress]
    /// The ports that its containers name.
    public var ports: [PodRecord.NamedPort]
    /// Whether it uses its node's network, and its addresses are the node's.
    public var isOnHostNetwork: Bool
    /// How far it is.
    public var phase: Phase

    /// How far a pod is.
    public enum Phase: String, Hashable, Sendable {
        case pending = "Pending"
        case running = "Running"
        case succeeded = "Succeeded"
        case failed = "Failed"
        case unknown = "Unknown"
    }

    /// Whether none of its containers runs, nor ever will.
    public var hasEnded: Bool { phase == .succeeded || phase == .failed }

    /// The pod as policies see it.
    public var record: PodRecord {
        PodRecord(
            namespace: metadata.namespace, name: metadata.name, uid: metadata.uid, node: node,
            labels: metadata.labels, addresses: addresses, ports: ports, isEnding: metadata.isBeingDeleted)
    }

    /// A pod, as a test would make it.
    public init(
        _ metadata: ObjectMetadata, node: String = "", addresses: [IPAddress] = [],
        ports: [PodRecord.NamedPort] = [], isOnHostNetwork: Bool = false, phase: Phase = .running
    ) {
        self.metadata = metadata
        self.node = node
        self.addresses = addresses
        self.ports = ports
        self.isOnHostNetwork = isOnHostNetwork
        self.phase = phase
    }
}
