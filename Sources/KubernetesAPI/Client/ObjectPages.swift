import HTTPTransfer

/// A list of objects in pages, all of one state of the API server.
struct ObjectPages<Object: KubernetesResource> {
    private let client: KubernetesClient
    private let selection: ObjectSelection
    private var limit: Int
    private var token: String?
    private var isOver = false
    /// The version that the list is of, once a page is there.
    private(set) var resourceVersion = ""

    init(_ client: KubernetesClient, _ selection: ObjectSelection) {
        self.client = client
        self.selection = selection
        limit = client.timing.page
    }

    /// The next page, nil after the last.
    mutating func next() async throws(KubernetesAPIError) -> ObjectPage<Object>? {
        guard !isOver else { return nil }
        while true {
            do {
                return try await page()
            } catch {
                guard error.code == .tooLarge, limit > 1 else { throw error }
                limit /= 2
            }
        }
    }

    private mutating func page() async throws(KubernetesAPIError) -> ObjectPage<Object> {
        var query = selection.query + [("limit", "\(limit)")]
        if let token { query.append(("continue", token)) }
        let request = try client.request(
            "GET", Object.collection.path(namespace: selection.namespace), query: query)
        let page = try client.decode(ObjectPage<Object>.self, try await client.send(request), request)
        resourceVersion = page.resourceVersion
        token = page.token
        isOver = page.token.isEmpty
        return page
    }
}

/// Some of the objects of a list.
struct ObjectPage<Object: KubernetesResource>: Decodable {
    var items: [ObjectEntry<Object>]
    var resourceVersion: String
    /// How to ask for the next page; empty for the last.
    var token: String

    private enum CodingKeys: String, CodingKey {
        case metadata, items
    }

    private struct Metadata: Decodable {
        var resourceVersion: String?
        var `continue`: String?
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let metadata = try container.decode(Metadata.self, forKey: .metadata)
        resourceVersion = metadata.resourceVersion ?? ""
        token = metadata.continue ?? ""
        items = try container.decodeIfPresent([ObjectEntry<Object>].self, forKey: .items) ?? []
    }
}

/// An object of a list or a watch, or why it cannot be read; one that cannot does no harm to the others.
enum ObjectEntry<Object: KubernetesResource>: Decodable {
    case object(Object)
    case unreadable(ObjectMetadata?, problem: String)

    private struct Envelope: Decodable {
        var metadata: ObjectMetadata
    }

    init(from decoder: any Decoder) throws {
        do {
            self = .object(try Object(from: decoder))
        } catch {
            self = .unreadable(try? Envelope(from: decoder).metadata, problem: DecodingProblem(error).description)
        }
    }

    var metadata: ObjectMetadata? {
        switch self {
        case .object(let object): object.metadata
        case .unreadable(let metadata, _): metadata
        }
    }
}
