/// A group of pods as the peers of policies name it; its members are kept once, however many policies name it.
public struct PodGroup: Hashable, Sendable {
    /// The namespaces that its pods are in.
    public var namespaces: NamespaceSelector
    /// What its pods' labels are.
    public var pods: LabelSelector

    /// All pods that match in all namespaces that match.
    public init(namespaces: NamespaceSelector, pods: LabelSelector = LabelSelector()) {
        self.namespaces = namespaces
        self.pods = pods
    }

    /// Every pod of the cluster.
    public static let everyPod = PodGroup(namespaces: .labelled(LabelSelector()))
}
