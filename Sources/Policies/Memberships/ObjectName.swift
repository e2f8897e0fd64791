/// The name of an object of a namespace.
struct ObjectName: Hashable, Sendable {
    let namespace: String
    let name: String
}

extension NetworkPolicy {
    var objectName: ObjectName { ObjectName(namespace: namespace, name: name) }
}

extension PodRecord {
    var objectName: ObjectName { ObjectName(namespace: namespace, name: name) }
}
