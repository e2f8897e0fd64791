import HTTPTransfer

/// A kind of object that is read from the API server.
///
/// Decoding reads only what is needed, and should put up with whatever else an object holds.
public protocol KubernetesResource: Decodable, Sendable {
    /// Where objects of the kind are.
    static var collection: KubernetesCollection { get }
    /// Who the object is.
    var metadata: ObjectMetadata { get }
}

/// The place of a kind of object in the API.
public struct KubernetesCollection: Hashable, Sendable {
    /// `/api/v1`, or `/apis/GROUP/VERSION`.
    public var base: String
    /// The name of the kind in paths: `pods`.
    public var plural: String

    /// A kind: `KubernetesCollection("networking.k8s.io/v1", "networkpolicies")`, or `("v1", "pods")`.
    public init(_ version: String, _ plural: String) {
        base = version.contains("/") ? "/apis/\(version)" : "/api/\(version)"
        self.plural = plural
    }

    /// The path of all objects of the kind, or of those in a namespace.
    func path(namespace: String?) -> String {
        guard let namespace, !namespace.isEmpty else { return "\(base)/\(plural)" }
        return "\(base)/namespaces/\(namespace.percentEncoded)/\(plural)"
    }

    /// The path of one object.
    func path(_ key: ObjectKey) -> String { "\(path(namespace: key.namespace))/\(key.name.percentEncoded)" }
}
