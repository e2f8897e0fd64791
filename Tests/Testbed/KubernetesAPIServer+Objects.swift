import HTTPTransfer

extension KubernetesAPIServer {
    private struct Made: Decodable {
        struct Metadata: Decodable { let uid: String }
        let metadata: Metadata
    }

    /// Makes an object.
    /// - Returns: the id that the server gave it.
    @discardableResult
    public func create(_ object: KubernetesObject) async throws(TestbedError) -> String {
        let made = try await ask("POST", object.collection, object.manifest)
        return try JSON.decode(Made.self, from: made, of: "kube-apiserver").metadata.uid
    }

    /// Makes an object, or replaces the one of its name with it.
    public func apply(_ object: KubernetesObject) async throws(TestbedError) {
        let answer = try await answer("POST", object.collection, object.manifest)
        guard answer.status == 409 else { return try check(answer, "POST", object.collection) }
        try await ask("PUT", object.path, object.manifest)
    }

    /// Changes an object in part, as a merge patch says (RFC 7396).
    ///
    /// - Parameter part: `status` for what the kubelet writes.
    public func patch(_ object: KubernetesObject, _ change: String, part: String? = nil) async throws(TestbedError) {
        let path = object.path + (part.map { "/\($0)" } ?? "")
        try await ask("PATCH", path, change, type: "application/merge-patch+json")
    }

    /// Gives an object these labels and no others.
    public func label(_ object: KubernetesObject, _ labels: [String: String]) async throws(TestbedError) {
        let change = #"[{"op": "add", "path": "/metadata/labels", "value": \#(KubernetesManifest.object(labels))}]"#
        try await ask("PATCH", object.path, change, type: "application/json-patch+json")
    }

    /// Takes an object away at once; one that is not there does no harm.
    public func delete(_ object: KubernetesObject) async throws(TestbedError) {
        let path = "\(object.path)?gracePeriodSeconds=0"
        let answer = try await answer("DELETE", path, nil)
        if answer.status != 404 { try check(answer, "DELETE", path) }
    }

    /// Takes away all objects of a kind in a namespace.
    public func deleteAll(_ kind: KubernetesObject.Kind, in namespace: String) async throws(TestbedError) {
        try await ask("DELETE", KubernetesObject(kind, "", in: namespace).collection)
    }

    /// The answer to a GET: of one object, or of all of its kind in its namespace when its name is empty.
    public func get(_ object: KubernetesObject) async throws(TestbedError) -> String {
        try await ask("GET", object.name.isEmpty ? object.collection : object.path)
    }

    /// Sends any request as the administrator, and gives the body of the answer.
    @discardableResult
    public func ask(
        _ method: String, _ path: String, _ body: String? = nil, type: String = "application/json"
    ) async throws(TestbedError) -> String {
        let answer = try await answer(method, path, body, type: type)
        try check(answer, method, path)
        return String(decoding: answer.body, as: UTF8.self)
    }

    func check(_ answer: HTTPResponse, _ method: String, _ path: String) throws(TestbedError) {
        guard (200..<300).contains(answer.status) else {
            let said = String(decoding: answer.body.prefix(600), as: UTF8.self)
            throw TestbedError("\(method) \(path): kube-apiserver said \(answer.status): \(said)")
        }
    }

    func answer(
        _ method: String, _ path: String, _ body: String?, type: String = "application/json"
    ) async throws(TestbedError) -> HTTPResponse {
        do {
            return try await client.send(request(method, path, body, type: type))
        } catch {
            throw TestbedError("\(error)")
        }
    }

    func request(
        _ method: String, _ path: String, _ body: String? = nil, type: String = "application/json",
        timeout: Duration = .seconds(30)
    ) -> HTTPRequest {
        HTTPRequest(
            method: method, url: "https://\(entrance.host):\(Self.port)\(path)",
            headers: [("Authorization", "Bearer \(Self.adminToken)"), ("Content-Type", type)],
            body: body.map { Array($0.utf8) }, timeout: timeout, tls: HTTPTLS(caFile: caFile))
    }
}
