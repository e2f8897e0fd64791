/// The name of an object of some kind.
public struct ObjectKey: Hashable, Sendable, CustomStringConvertible {
    /// The namespace that it is in; empty for kinds that are in none.
    public var namespace: String
    /// Its name there.
    public var name: String

    /// A name in a namespace.
    public init(namespace: String = "", name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// `NAMESPACE/NAME`, or `NAME`.
    public var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
}

extension ObjectKey: Comparable {
    /// By namespace, then by name.
    public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        (left.namespace, left.name) < (right.namespace, right.name)
    }
}
