extension NetworkPolicy {
    /// Its name in etcd: `kube.NAMESPACE.NAME.UID`.
    public var id: String { "\(Self.idPrefix)\(namespace).\(name).\(uid)" }

    /// What the ids of Kubernetes' policies begin with, and those of nobody else.
    public static let idPrefix = "kube."

    /// How people know it: `NAMESPACE/NAME`.
    public var title: String { "\(namespace)/\(name)" }

    /// The directions that it isolates its pods in: what `policyTypes` says, and where that says nothing ingress, and
    /// egress if there are rules of it.
    public var directions: Set<Direction> {
        if let policyTypes, !policyTypes.isEmpty { return Set(policyTypes) }
        return (egress ?? []).isEmpty ? [.ingress] : [.ingress, .egress]
    }
}
