public import Addresses

/// A node, as the API server knows it.
public struct Node: KubernetesResource, Hashable {
    /// Where they are.
    public static let collection = KubernetesCollection("v1", "nodes")

    /// Who it is.
    public var metadata: ObjectMetadata
    /// Its addresses within the cluster.
    public var addresses: [IPAddress]
    /// Whose machine it is: `aws:///ZONE/INSTANCE`; empty when unknown.
    public var providerID: String
    /// Whether its kubelet says that pods can run on it.
    public var isReady: Bool { condition("Ready")?.status == "True" }
    /// Whether new pods are kept away from it, as by `kubectl cordon`.
    public var isUnschedulable: Bool
    /// What is said of its state, by various programs.
    public var conditions: [NodeCondition]

    /// What is said of its state under a type; nil when nothing is.
    public func condition(_ type: String) -> NodeCondition? { conditions.first { $0.type == type } }

    /// Its name.
    public var name: String { metadata.name }
    /// Its labels.
    public var labels: [String: String] { metadata.labels }

    /// A node, as a test would make it.
    public init(
        _ metadata: ObjectMetadata, addresses: [IPAddress] = [], providerID: String = "",
        isUnschedulable: Bool = false, conditions: [NodeCondition] = []
    ) {
        self.metadata = metadata
        self.addresses = addresses
        self.providerID = providerID
        self.isUnschedulable = isUnschedulable
        self.conditions = conditions
    }

    private struct Document: Decodable {
        struct Spec: Decodable {
            var providerID: String?
            var unschedulable: Bool?
        }

        struct Status: Decodable {
            struct Address: Decodable {
                var type: String
                var address: String
            }

            var addresses: [Address]?
            var conditions: [NodeCondition]?
        }

        var metadata: ObjectMetadata
        var spec: Spec?
        var status: Status?
    }

    /// Reads a node; addresses that are none are passed over.
    public init(from decoder: any Decoder) throws {
        let document = try Document(from: decoder)
        self.init(
            document.metadata,
            addresses: (document.status?.addresses ?? []).filter { $0.type == "InternalIP" }
                .compactMap { IPAddress($0.address) },
            providerID: document.spec?.providerID ?? "",
            isUnschedulable: document.spec?.unschedulable ?? false, conditions: document.status?.conditions ?? [])
    }
}
