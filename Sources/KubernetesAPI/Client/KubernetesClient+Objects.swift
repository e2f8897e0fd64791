import FoundationEssentials
import Logging

extension KubernetesClient {
    /// Reads an object; nil if there is none.
    public func get<Object: KubernetesResource>(
        _ type: Object.Type = Object.self, _ key: ObjectKey
    ) async throws(KubernetesAPIError) -> Object? {
        let request = try request("GET", Object.collection.path(key))
        do {
            return try decode(Object.self, try await send(request), request)
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    /// Reads all objects that are selected, in pages; what cannot be read is logged and left out.
    public func list<Object: KubernetesResource>(
        _ type: Object.Type = Object.self, _ selection: ObjectSelection = ObjectSelection()
    ) async throws(KubernetesAPIError) -> [Object] {
        var objects: [Object] = []
        var pages = ObjectPages<Object>(self, selection)
        while let page = try await pages.next() {
            for entry in page.items {
                switch entry {
                case .object(let object): objects.append(object)
                case .unreadable(let metadata, let problem): logUnreadable(type, metadata, problem)
                }
            }
        }
        return objects
    }

    /// Makes an object of a collection.
    public func create(
        _ object: some Encodable, in collection: KubernetesCollection, namespace: String? = nil
    ) async throws(KubernetesAPIError) {
        _ = try await send(try request("POST", collection.path(namespace: namespace), body: try encode(object)))
    }

    /// How a change of an object in part is read.
    public enum PatchKind: String, Sendable {
        /// Lists are replaced as a whole (RFC 7396).
        case merge = "application/merge-patch+json"
        /// Entries of lists are found by the key that their kind names.
        case strategicMerge = "application/strategic-merge-patch+json"
    }

    /// Changes an object in part.
    ///
    /// - Parameter part: `status` for what is written there alone.
    public func patch(
        _ change: some Encodable, _ key: ObjectKey, in collection: KubernetesCollection, part: String? = nil,
        kind: PatchKind = .merge
    ) async throws(KubernetesAPIError) {
        let path = collection.path(key) + (part.map { "/\($0)" } ?? "")
        _ = try await send(try request("PATCH", path, body: try encode(change), type: kind.rawValue))
    }

    func logUnreadable<Object: KubernetesResource>(
        _ type: Object.Type, _ metadata: ObjectMetadata?, _ problem: String
    ) {
        let name = metadata.map { $0.key.description } ?? "of unknown name"
        logger.error("read \(Object.collection.plural) \(name) from the API server: \(problem)")
    }

    private func encode(_ value: some Encodable) throws(KubernetesAPIError) -> [UInt8] {
        do {
            return Array(try JSONEncoder().encode(value))
        } catch {
            throw KubernetesAPIError(.other, "write a request to the API server: \(error)")
        }
    }
}
