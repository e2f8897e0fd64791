/// One line of a watch (meta/v1 WatchEvent).
enum WatchEvent<Object: KubernetesResource>: Decodable {
    case put(ObjectEntry<Object>)
    case delete(ObjectMetadata)
    /// Nothing changed up to this version.
    case bookmark(resourceVersion: String)
    case error(KubernetesAPIError)
    /// A kind of line that nobody knew when this was written.
    case other(String)

    private enum CodingKeys: String, CodingKey {
        case type, object
    }

    private struct Bookmark: Decodable {
        struct Metadata: Decodable {
            var resourceVersion: String
        }

        var metadata: Metadata
    }

    private struct Envelope: Decodable {
        var metadata: ObjectMetadata
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let type = try container.decode(String.self, forKey: .type)
        switch type {
        case "ADDED", "MODIFIED":
            let entry = try container.decode(ObjectEntry<Object>.self, forKey: .object)
            guard entry.metadata != nil else {
                throw DecodingError.dataCorruptedError(
                    forKey: .object, in: container, debugDescription: "nobody can say which object it is")
            }
            self = .put(entry)
        case "DELETED": self = .delete(try container.decode(Envelope.self, forKey: .object).metadata)
        case "BOOKMARK":
            self = .bookmark(
                resourceVersion: try container.decode(Bookmark.self, forKey: .object).metadata.resourceVersion)
        case "ERROR":
            let report = try container.decode(StatusReport.self, forKey: .object)
            let code = report.code ?? 0
            self = .error(
                KubernetesAPIError(
                    report.reason == "Expired" || report.reason == "Gone" ? .expired : .init(status: code),
                    "watch \(Object.collection.plural): \(code): \((report.message ?? report.reason ?? "").prefix(1000))"
                ))
        default: self = .other(type)
        }
    }
}
