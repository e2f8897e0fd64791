/// An object in the Kubernetes API by its kind and name, and what is to stand in it.
public struct KubernetesObject: Sendable, Hashable {
    /// The kinds that tests make.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case node = "/api/v1|nodes"
        case namespace = "/api/v1|namespaces"
        case pod = "/api/v1|pods"
        case networkPolicy = "/apis/networking.k8s.io/v1|networkpolicies"
        case clusterRole = "/apis/rbac.authorization.k8s.io/v1|clusterroles"
        case clusterRoleBinding = "/apis/rbac.authorization.k8s.io/v1|clusterrolebindings"
        case event = "/apis/events.k8s.io/v1|events"
    }

    /// What it is.
    public var kind: Kind
    /// The namespace that it is in; nil for kinds that are in none.
    public var namespace: String?
    /// Its name there.
    public var name: String
    /// The whole object as JSON.
    public var manifest: String

    /// An object; `manifest` may be left out where it only has to be named.
    public init(_ kind: Kind, _ name: String, in namespace: String? = nil, manifest: String = "") {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.manifest = manifest
    }

    /// The path of its kind, within its namespace.
    var collection: String {
        let parts = kind.rawValue.split(separator: "|")
        let within = namespace.map { "/namespaces/\($0)" } ?? ""
        return "\(parts[0])\(within)/\(parts[1])"
    }

    /// Its own path.
    var path: String { "\(collection)/\(name)" }
}
