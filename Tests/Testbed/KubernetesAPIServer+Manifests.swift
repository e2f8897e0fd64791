import CNIProtocol

extension KubernetesAPIServer {
    /// Applies an object as `kubectl apply --server-side` does, which refuses fields that the kind does not have.
    ///
    /// - Parameter isTrial: whether the server only says what it would do.
    @discardableResult
    public func apply(_ object: ManifestObject, isTrial: Bool = false) async throws(TestbedError) -> String {
        let path = "\(try object.path())?fieldManager=testbed&force=true\(isTrial ? "&dryRun=All" : "")"
        return try await ask("PATCH", path, object.text, type: "application/apply-patch+yaml")
    }

    /// Has the server admit a pod as the controller of an object would make it, without making it.
    public func admitPod(of object: ManifestObject) async throws(TestbedError) {
        // The server's own words: it has read the YAML, and filled in what is usual.
        let stored = try await ask("GET", try object.path())
        let template: JSONValue?
        do {
            template = try JSONValue(parsing: stored)["spec"]?["template"]
        } catch {
            throw TestbedError("\(object.kind) \(object.name): \(error)")
        }
        guard let metadata = template?["metadata"], let spec = template?["spec"] else {
            throw TestbedError("\(object.kind) \(object.name) has no pods")
        }
        let labels = metadata["labels"] ?? .object([])
        let pod: JSONValue = [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string("\(object.name)-x"), "namespace": "kube-system", "labels": labels],
            "spec": spec,
        ]
        try await ask("POST", "/api/v1/namespaces/kube-system/pods?dryRun=All", pod.text)
    }

    private struct TokenRequest: Decodable {
        struct Status: Decodable { let token: String }
        let status: Status
    }

    /// The file with the token of a service account of kube-system; empty before ``writeToken(of:)``.
    public func tokenFile(of account: String) -> String { "\(folder)/\(account)-token" }

    /// Has the server make a token of a service account, as the kubelet does for a pod.
    public func writeToken(of account: String) async throws(TestbedError) {
        let answer = try await ask(
            "POST", "/api/v1/namespaces/kube-system/serviceaccounts/\(account)/token",
            #"{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}"#)
        let request = try JSON.decode(TokenRequest.self, from: answer, of: "kube-apiserver")
        try TextFile.write(request.status.token, to: tokenFile(of: account), mode: 0o600)
    }

    /// What programs are told of the server so that they are a service account of kube-system.
    ///
    /// - Parameter isHere: whether they run in this process's own network, and not in the fabric.
    public func options(of account: String, isHere: Bool = false) -> [String] {
        let address = isHere ? "https://\(entrance.host):\(Self.port)" : url
        return [
            "--kubernetes-api", address, "--kubernetes-token-file", tokenFile(of: account), "--kubernetes-ca-file",
            caFile,
        ]
    }
}
