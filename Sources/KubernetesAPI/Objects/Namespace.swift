/// A namespace of the API.
public struct Namespace: KubernetesResource, Hashable {
    /// Where they are.
    public static let collection = KubernetesCollection("v1", "namespaces")

    /// Who it is.
    public var metadata: ObjectMetadata
    /// What is noted on it, for programs to read.
    public var annotations: [String: String]
    /// Whether it is being emptied, to go.
    public var isTerminating: Bool

    /// Its name.
    public var name: String { metadata.name }
    /// Its labels.
    public var labels: [String: String] { metadata.labels }

    /// A namespace, as a test would make it.
    public init(_ metadata: ObjectMetadata, annotations: [String: String] = [:], isTerminating: Bool = false) {
        self.metadata = metadata
        self.annotations = annotations
        self.isTerminating = isTerminating
    }

    private enum CodingKeys: String, CodingKey {
        case metadata, status
    }

    private struct Annotations: Decodable {
        var annotations: [String: String]?
    }

    private struct Status: Decodable {
        var phase: String?
    }

    /// Reads a namespace.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMetadata.self, forKey: .metadata)
        annotations = try container.decode(Annotations.self, forKey: .metadata).annotations ?? [:]
        isTerminating = try container.decodeIfPresent(Status.self, forKey: .status)?.phase == "Terminating"
    }
}
