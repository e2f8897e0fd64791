/// What an agent does for the whole cluster when it is elected to.
public struct DutySettings: Hashable, Sendable {
    /// Whether it is a candidate for listener.
    public var isListener = false
    /// Whether namespaces with the old annotation are isolated.
    public var honoursNamespaceIsolation = false
}
