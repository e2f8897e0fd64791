import HTTPTypes

/// The API as OpenAPI 3.1 describes it, made of the routes themselves.
struct OpenAPIDocument {
    let routes: Routes
    /// Whether requests need a token.
    var needsToken = false

    /// The whole document.
    var node: JSONNode {
        var components: [String: JSONNode] = [
            "schemas": .object(
                Dictionary(
                    SchemaName.allCases.map { ($0.rawValue, $0.schema.node) }, uniquingKeysWith: { $1 }))
        ]
        if needsToken { components["securitySchemes"] = ["token": ["type": "http", "scheme": "bearer"]] }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Romana daemon", "version": "1",
                "description": "Topology, hosts, blocks of addresses and policies of the pod network.",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "paths": .object(paths),
            "components": .object(components),
        ]
    }

    private var paths: [String: JSONNode] {
        var paths: [String: [String: JSONNode]] = [:]
        for route in routes.all {
            let path = Self.template(route.path)
            paths[path, default: [:]][route.method.rawValue.lowercased()] = node(of: route)
        }
        return paths.mapValues { .object($0) }
    }

    /// A path as OpenAPI writes it, with `{name}` for a parameter.
    static func template(_ path: String) -> String {
        path.split(separator: "/").map { "/" + ($0.first == ":" ? "{\($0.dropFirst())}" : String($0)) }.joined()
    }

    private func node(of route: Routes.Route) -> JSONNode {
        let operation = route.operation
        let parameters = route.path.split(separator: "/").filter { $0.first == ":" }.map { String($0.dropFirst()) }
        var node: [String: JSONNode] = [
            "operationId": .text(operation.id), "summary": .text(operation.summary),
            "responses": .object(responses(of: operation, hasPathParameters: !parameters.isEmpty)),
        ]
        let described =
            parameters.map { name in
                JSONNode.object([
                    "name": .text(name), "in": "path", "required": true,
                    "schema": Self.schema(ofParameter: name, among: parameters).node,
                ])
            }
            + operation.query.map { parameter in
                JSONNode.object([
                    "name": .text(parameter.name), "in": "query", "required": .boolean(parameter.isRequired),
                    "schema": parameter.schema.node,
                    "description": .text(parameter.meaning),
                ])
            }
        if !described.isEmpty { node["parameters"] = .list(described) }
        if let body = operation.body {
            node["requestBody"] = ["required": true, "content": ["application/json": ["schema": body.node]]]
        }
        if needsToken, !operation.isOpen { node["security"] = [["token": []]] }
        return .object(node)
    }

    private func responses(of operation: Operation, hasPathParameters: Bool) -> [String: JSONNode] {
        var responses: [String: JSONNode] = [:]
        for status in operation.statuses(hasPathParameters: hasPathParameters) where status != 401 || needsToken {
            let isRefusal = status >= 400
            let schema = isRefusal ? Schema.named(.error) : operation.answer
            let type = operation.isText && !isRefusal ? "text/plain" : "application/json"
            var content: [String: JSONNode] = [type: ["schema": schema.node]]
            if operation.isTextToo, !isRefusal { content["text/plain"] = ["schema": Schema.words.node] }
            var response: [String: JSONNode] = [
                "description": .text(Self.meaning(of: status)), "content": .object(content),
            ]
            if status == 200, !operation.links.isEmpty { response["links"] = Self.node(of: operation.links) }
            if status == 503 {
                response["headers"] = ["Retry-After": ["schema": ["type": "string"], "required": true]]
            }
            responses[String(status)] = .object(response)
        }
        return responses
    }

    private static func node(of links: [Operation.Link]) -> JSONNode {
        .object(
            Dictionary(
                links.map { link in
                    var node: [String: JSONNode] = ["operationId": .text(link.operation)]
                    if !link.parameters.isEmpty {
                        node["parameters"] = .object(link.parameters.mapValues { .text($0) })
                    }
                    if !link.body.isEmpty { node["requestBody"] = .object(link.body.mapValues { .text($0) }) }
                    return (link.operation, .object(node))
                }, uniquingKeysWith: { $1 }))
    }

    /// The shape of what a path names.
    private static func schema(ofParameter name: String, among names: [String]) -> Schema {
        switch name {
        case "host": .hostName
        case "cidr": names.contains("length") ? .address : .cidr
        case "length": .integer(0...128)
        case "policy": .named(.policyID)
        default: .networkName
        }
    }

    private static func meaning(of status: Int) -> String {
        switch status {
        case 200: "Done."
        case 400: "The request is malformed, or a field of it cannot be."
        case 401: "The request has no token, or a wrong one."
        case 404: "There is no such thing."
        case 406: "The client takes no JSON."
        case 408: "The body did not arrive in time."
        case 409: "What the cluster holds is against it."
        case 413: "The body is too large."
        case 415: "The body is of a type that is not read."
        case 422: "The body names something that is not there."
        default: "etcd is away, others were ahead, or too many requests are under way: try again."
        }
    }
}
