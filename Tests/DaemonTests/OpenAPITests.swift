import FoundationEssentials
import HTTPTypes
import Testing

@testable import Daemon

@Suite struct OpenAPITests {
    private struct Document: Decodable {
        struct Operation: Decodable {
            struct Parameter: Decodable {
                var name: String
            }
            var operationId: String
            var responses: [String: AnyValue]
            var parameters: [Parameter]?
            var requestBody: AnyValue?
            var security: [[String: [String]]]?
        }
        struct Components: Decodable {
            var schemas: [String: AnyValue]
        }
        struct AnyValue: Decodable {}
        var openapi: String
        var paths: [String: [String: Operation]]
        var components: Components
    }

    private func document(needsToken: Bool = false) async throws -> (Document, text: String, Routes) {
        try await withCluster { cluster in
            let api = API(cluster: cluster, health: StoreHealth())
            let node = OpenAPIDocument(routes: api.routes, needsToken: needsToken).node
            let bytes = try JSONBody.bytes(node)
            let read = try JSONDecoder().decode(Document.self, from: Data(bytes))
            return (read, String(decoding: bytes, as: UTF8.self), api.routes)
        }
    }

    @Test func everyRouteIsDescribedAndNothingElse() async throws {
        let (document, _, routes) = try await document()
        #expect(document.openapi == "3.1.0")
        let described = document.paths.flatMap { path, methods in methods.keys.map { "\($0) \(path)" } }
        let served = routes.all.map { "\($0.method.rawValue.lowercased()) \(OpenAPIDocument.template($0.path))" }
        #expect(described.sorted() == served.sorted())
        #expect(Set(served).count == served.count)
        let names = document.paths.values.flatMap { $0.values.map(\.operationId) }
        #expect(Set(names).count == names.count)
    }

    @Test func parametersAreThoseOfThePath() async throws {
        let (document, _, _) = try await document()
        for (path, methods) in document.paths {
            let named = path.split(separator: "/").filter { $0.first == "{" }.map { String($0.dropFirst().dropLast()) }
            for operation in methods.values {
                let parameters = (operation.parameters ?? []).map(\.name)
                #expect(Array(parameters.prefix(named.count)) == named, "\(path)")
            }
        }
    }

    @Test func everySchemaThatIsReferredToIsThere() async throws {
        let (document, text, _) = try await document()
        let marker = "\"$ref\":\"#/components/schemas/"
        let referred = text.split(separator: marker).dropFirst().compactMap { $0.split(separator: "\"").first }
        #expect(!referred.isEmpty)
        #expect(Set(referred.map(String.init)).isSubset(of: document.components.schemas.keys))
        #expect(Set(SchemaName.allCases.map(\.rawValue)) == Set(document.components.schemas.keys))
    }

    @Test func linksLeadToOperationsAndTheirParameters() async throws {
        let (document, _, routes) = try await document()
        let operations = Dictionary(
            document.paths.values.flatMap { $0.values.map { ($0.operationId, $0) } }, uniquingKeysWith: { $1 })
        let links = routes.all.flatMap(\.operation.links)
        #expect(!links.isEmpty)
        for link in links {
            let operation = try #require(operations[link.operation], "\(link.operation)")
            let names = (operation.parameters ?? []).map(\.name)
            #expect(Set(link.parameters.keys).isSubset(of: names))
            #expect(link.body.isEmpty == (operation.requestBody == nil) || link.body.isEmpty)
        }
    }

    @Test func theDocumentIsServedAndDescribesItself() async throws {
        try await withAPI { client, _ in
            let answer = try await client.send(.get, "/openapi.json")
            #expect(answer.status == 200)
            let document = try JSONDecoder().decode(Document.self, from: Data(answer.body.utf8))
            #expect(document.paths["/openapi.json"]?["get"] != nil)
        }
    }

    @Test func tokensAreSpokenOfWhereTheyAreAskedFor() async throws {
        let (open, text, _) = try await document()
        #expect(
            open.paths.values.allSatisfy { $0.values.allSatisfy { $0.security == nil && $0.responses["401"] == nil } })
        #expect(!text.contains("securitySchemes"))
        let (guarded, _, _) = try await document(needsToken: true)
        #expect(guarded.paths["/hosts"]?["get"]?.security == [["token": []]])
        #expect(guarded.paths["/hosts"]?["get"]?.responses["401"] != nil)
        #expect(guarded.paths["/healthz"]?["get"]?.security == nil)
    }
}
