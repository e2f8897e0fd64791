public import CNIProtocol
import HTTPTransfer

/// What a watch of objects tells.
public enum ObjectEvent: Sendable {
    /// All that there are; what is not among them is gone.
    case all([JSONValue])
    /// One that was made or changed.
    case changed(JSONValue)
    /// One that was taken away, as it was last.
    case gone(JSONValue)
}

extension KubernetesAPIServer {
    /// Lists the objects at a path, and follows them until the task is cancelled; a watch that ends is begun again.
    ///
    /// - Parameters:
    ///   - path: of a collection, such as `/api/v1/pods`.
    ///   - selector: a field selector, such as `spec.nodeName=node1`.
    public func follow(
        _ path: String, selector: String? = nil, _ handle: (ObjectEvent) async -> Void
    ) async {
        let query = selector.map { "fieldSelector=\($0.replacing("=", with: "%3D"))&" } ?? ""
        while !Task.isCancelled {
            do {
                let list = try JSONValue(parsing: try await ask("GET", "\(path)?\(query)"))
                await handle(.all(list["items"]?.arrayValue ?? []))
                let version = list["metadata"]?["resourceVersion"]?.stringValue ?? "0"
                try await watch("\(path)?\(query)watch=true&resourceVersion=\(version)&timeoutSeconds=300", handle)
            } catch {
                // It is away, or has forgotten the version: listed again below.
            }
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    private func watch(_ path: String, _ handle: (ObjectEvent) async -> Void) async throws {
        let (head, body) = try await client.stream(request("GET", path, timeout: .seconds(360)))
        guard head.status == 200 else { throw TestbedError("GET \(path): kube-apiserver said \(head.status)") }
        var rest: [UInt8] = []
        for try await piece in body {
            rest += piece
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let event = try JSONValue(parsing: Array(rest[..<end]))
                rest.removeSubrange(...end)
                guard let object = event["object"] else { continue }
                switch event["type"]?.stringValue {
                case "ADDED", "MODIFIED": await handle(.changed(object))
                case "DELETED": await handle(.gone(object))
                default: return
                }
            }
        }
    }

    /// The answer to a GET as JSON; nil where there is nothing.
    public func object(_ path: String) async throws(TestbedError) -> JSONValue? {
        let answer = try await answer("GET", path, nil)
        if answer.status == 404 { return nil }
        try check(answer, "GET", path)
        return try Self.parse(answer.body, path)
    }

    /// Sends a request as the administrator.
    /// - Returns: the status of the answer, and its body.
    public func exchange(
        _ method: String, _ path: String, _ body: JSONValue? = nil, type: String = "application/json"
    ) async throws(TestbedError) -> (status: Int, body: JSONValue) {
        let answer = try await answer(method, path, body?.text, type: type)
        return (answer.status, try Self.parse(answer.body, path))
    }

    private static func parse(_ body: [UInt8], _ path: String) throws(TestbedError) -> JSONValue {
        do {
            return try JSONValue(parsing: body)
        } catch {
            throw TestbedError("read what kube-apiserver said of \(path): \(error)")
        }
    }
}
