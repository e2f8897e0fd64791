import CNIProtocol
public import Testbed

/// What real kubelets need that the drivers do without.
extension KubernetesCluster {
    private static let authority = "kube-root-ca.crt"

    /// Puts the authority of the API server's certificate where pods get it from, as a controller does.
    func publishAuthority(in namespace: String) async throws(TestbedError) {
        let path = "/api/v1/namespaces/\(namespace)/configmaps"
        let (status, body) = try await kubernetes.exchange(
            "POST", path,
            [
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(Self.authority)],
                "data": ["ca.crt": .string(TextFile.read(kubernetes.caFile) ?? "")],
            ])
        guard [201, 409].contains(status) else {
            throw TestbedError("POST \(path): kube-apiserver said \(status): \(body.text.prefix(400))")
        }
    }

    /// The spec of a pod with the token of its account in every container, as the admission of an API server adds it
    /// where somebody makes accounts.
    static func withToken(_ spec: JSONValue) -> JSONValue {
        let volume: JSONValue = [
            "name": "account",
            "projected": [
                "sources": [
                    ["serviceAccountToken": ["path": "token", "expirationSeconds": 3600]],
                    ["configMap": ["name": .string(authority), "items": [["key": "ca.crt", "path": "ca.crt"]]]],
                    [
                        "downwardAPI": [
                            "items": [["path": "namespace", "fieldRef": ["fieldPath": "metadata.namespace"]]]
                        ]
                    ],
                ]
            ],
        ]
        let mount: JSONValue = [
            "name": "account", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": true,
        ]
        return
            spec
            .setting("volumes") { .array(($0.arrayValue ?? []) + [volume]) }
            .setting("containers") { containers in
                .array(
                    (containers.arrayValue ?? []).map { container in
                        container.setting("volumeMounts") { .array(($0.arrayValue ?? []) + [mount]) }
                    })
            }
    }

    /// Runs a command in the first container of a pod of the namespace default that a real kubelet has started.
    public func execute(_ command: [String], in pod: String) async throws(TestbedError) -> CommandResult {
        let object = try await kubernetes.object("/api/v1/namespaces/default/pods/\(pod)")
        let id = object?["status"]?["containerStatuses"]?.arrayValue?.first?["containerID"]?.stringValue
        guard let id = id?.split(separator: "/").last, let node = object?["spec"]?["nodeName"]?.stringValue,
            let runtime = runtimes.first(where: { $0.machine.name == node })
        else { throw TestbedError("pod \(pod) has no container") }
        let number = UInt32.random(in: 0...UInt32.max)
        let words = ["--namespace", "k8s.io", "task", "exec", "--exec-id", "exec-\(number)", String(id)]
        return try await runtime.client(words + command).run()
    }
}
