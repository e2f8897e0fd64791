public import Policies

/// A NetworkPolicy, as it stands in the API.
public struct PolicyObject: KubernetesResource, Hashable {
    /// Where they are.
    public static let collection = KubernetesCollection("networking.k8s.io/v1", "networkpolicies")

    /// Who it is.
    public var metadata: ObjectMetadata
    /// What it says.
    public var policy: NetworkPolicy

    /// A policy, as a test would make it.
    public init(_ policy: NetworkPolicy, resourceVersion: String = "") {
        metadata = ObjectMetadata(
            namespace: policy.namespace, name: policy.name, uid: policy.uid, resourceVersion: resourceVersion)
        self.policy = policy
    }

    private enum CodingKeys: String, CodingKey {
        case metadata
    }

    /// Reads a policy; what of it cannot be understood is told by ``Policies/NetworkPolicy/problems``.
    public init(from decoder: any Decoder) throws {
        metadata = try decoder.container(keyedBy: CodingKeys.self).decode(ObjectMetadata.self, forKey: .metadata)
        policy = try NetworkPolicy(from: decoder)
    }
}
