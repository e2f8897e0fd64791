/// What the API server keeps of every object, as far as it matters here.
public struct ObjectMetadata: Hashable, Sendable, Decodable {
    /// The namespace that it is in; empty for kinds that are in none.
    public var namespace: String
    /// Its name there.
    public var name: String
    /// What tells it from others of its name, before and after.
    public var uid: String
    /// What tells this state of it from others; only equality means anything.
    public var resourceVersion: String
    /// Its labels.
    public var labels: [String: String]
    /// Whether it is to go, and somebody is still at that.
    public var isBeingDeleted: Bool

    /// Who it is: `NAMESPACE/NAME`.
    public var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }

    /// An object, as a test would make it.
    public init(
        namespace: String = "", name: String, uid: String = "", resourceVersion: String = "",
        labels: [String: String] = [:], isBeingDeleted: Bool = false
    ) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.labels = labels
        self.isBeingDeleted = isBeingDeleted
    }

    private enum CodingKeys: String, CodingKey {
        case namespace, name, uid, resourceVersion, labels, deletionTimestamp
    }

    /// Reads what is there; only the name must be.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        namespace = try container.decodeIfPresent(String.self, forKey: .namespace) ?? ""
        name = try container.decode(String.self, forKey: .name)
        uid = try container.decodeIfPresent(String.self, forKey: .uid) ?? ""
        resourceVersion = try container.decodeIfPresent(String.self, forKey: .resourceVersion) ?? ""
        labels = try container.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        isBeingDeleted = try container.decodeIfPresent(String.self, forKey: .deletionTimestamp) != nil
    }
}
