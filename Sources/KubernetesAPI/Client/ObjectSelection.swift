/// Which objects of a kind are meant; without arguments all of them.
public struct ObjectSelection: Hashable, Sendable {
    /// The namespace that they are in; nil for all.
    public var namespace: String?
    /// What their fields are, as the API server reads it: `spec.nodeName=node-1`.
    public var fieldSelector: String?
    /// What their labels are, as the API server reads it: `app in (a, b)`.
    public var labelSelector: String?

    /// A selection.
    public init(namespace: String? = nil, fieldSelector: String? = nil, labelSelector: String? = nil) {
        self.namespace = namespace
        self.fieldSelector = fieldSelector
        self.labelSelector = labelSelector
    }

    var query: [(String, String)] {
        [("fieldSelector", fieldSelector), ("labelSelector", labelSelector)].compactMap { name, value in
            value.map { (name, $0) }
        }
    }
}
