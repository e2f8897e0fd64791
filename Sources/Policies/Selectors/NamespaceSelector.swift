/// Which namespaces are meant.
public enum NamespaceSelector: Hashable, Sendable {
    /// One, by its name.
    case named(String)
    /// Those with matching labels; an empty selector means all of them.
    case labelled(LabelSelector)
}
