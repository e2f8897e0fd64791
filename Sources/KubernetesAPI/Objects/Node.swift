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
    public var isReady: Bool

    /// Its name.
    public var name: String { metadata.name }
    /// Its labels.
    public var labels: [String: String] { metadata.labels }

    /// A node, as a test would make it.
    public init(
        _ metadata: ObjectMetadata, addresses: [IPAddress] = [], providerID: String = "", isReady: Bool = true
    ) {
        self.metadata = metadata
        self.addresses = addresses
        self.providerID = providerID
        self.isReady = isReady
    }

    private struct Document: Decodable {
        struct Spec: Decodable {
            var providerID: String?
        }

        struct Status: Decodable {
            struct Address: Decodable {
                var type: String
                var address: String
            }

            struct Condition: Decodable {
                var type: String
                var status: String
            }

            var addresses: [Address]?
            var conditions: [Condition]?
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
            isReady: (document.status?.conditions ?? []).contains { $0.type == "Ready" && $0.status == "True" })
    }
}
