/// One change of one object.
public enum ObjectChange<Object: KubernetesResource>: Sendable {
    /// It now is this.
    case put(Object)
    /// It is gone, or is not among the selected any more.
    case delete(ObjectKey)

    /// Who changed.
    public var key: ObjectKey {
        switch self {
        case .put(let object): object.metadata.key
        case .delete(let key): key
        }
    }
}
