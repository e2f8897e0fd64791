public import CNIProtocol
public import Testbed
import YAML

extension KubernetesCluster {
    /// Applies a manifest of any number of objects, as `kubectl apply -f` does.
    ///
    /// - Parameter adjust: what a cluster has to adapt in it.
    public func apply(_ manifest: String, adjust: (JSONValue) -> JSONValue = { $0 }) async throws(TestbedError) {
        for object in try Self.objects(in: manifest) {
            let object = adjust(object)
            guard let path = Self.path(of: object) else {
                throw TestbedError("apply: an object without apiVersion, kind or name: \(object.text.prefix(200))")
            }
            let query = "fieldManager=cluster&force=true"
            let (status, body) = try await kubernetes.exchange(
                "PATCH", "\(path)?\(query)", object, type: "application/apply-patch+yaml")
            guard [200, 201].contains(status) else {
                throw TestbedError("apply \(path): kube-apiserver said \(status): \(body.text.prefix(600))")
            }
        }
    }

    /// Takes away what a manifest applies, as `kubectl delete -f` does.
    public func delete(_ manifest: String) async throws(TestbedError) {
        for object in try Self.objects(in: manifest) {
            guard let path = Self.path(of: object) else { continue }
            let (status, body) = try await kubernetes.exchange(
                "DELETE", path, ["apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background"])
            guard [200, 202, 404].contains(status) else {
                throw TestbedError("delete \(path): kube-apiserver said \(status): \(body.text.prefix(600))")
            }
        }
    }

    private static func objects(in manifest: String) throws(TestbedError) -> [JSONValue] {
        do {
            return try JSONValue.documents(parsingYAML: manifest).map(\.withModes)
        } catch {
            throw TestbedError("read a manifest: \(error)")
        }
    }

    /// Where an object is, by the rule that a kind's path is its name in lower case and in plural.
    private static func path(of object: JSONValue) -> String? {
        guard let version = object["apiVersion"]?.stringValue, let kind = object["kind"]?.stringValue,
            let name = object["metadata"]?["name"]?.stringValue
        else { return nil }
        let group = version.contains("/") ? "/apis/\(version)" : "/api/\(version)"
        var plural = kind.lowercased()
        if plural.hasSuffix("y") {
            plural = plural.dropLast() + "ies"
        } else {
            plural += plural.hasSuffix("s") ? "es" : "s"
        }
        if kind == "Endpoints" { plural = "endpoints" }
        let without = ["Namespace", "Node", "ClusterRole", "ClusterRoleBinding", "PriorityClass", "PersistentVolume"]
        let namespace = object["metadata"]?["namespace"]?.stringValue ?? "default"
        let within = without.contains(kind) ? "" : "/namespaces/\(namespace)"
        return "\(group)\(within)/\(plural)/\(name)"
    }

    /// A pod with one container of busybox.
    public static func pod(
        _ name: String, in namespace: String = "default", on node: String? = nil, labels: [String: String] = [:],
        command: [String] = ["sleep", "100000"]
    ) -> KubernetesObject {
        let words = JSONValue.array(command.map { .string($0) }).text
        let binding = node.map { #""nodeName": "\#($0)", "# } ?? ""
        return KubernetesObject(
            .pod, name, in: namespace,
            manifest: """
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "\(name)", "namespace": "\(namespace)",
                              "labels": \(KubernetesManifest.object(labels))},
                 "spec": {\(binding)"containers": [{"name": "main", "image": "\(ContainerRuntime.image)", "command": \(words)}]}}
                """)
    }

    /// Waits until a pod runs and is ready.
    /// - Returns: its node and its addresses.
    public func untilReady(
        _ name: String, in namespace: String = "default", within limit: Duration = .seconds(60)
    ) async throws -> (node: String, addresses: [String]) {
        let path = "/api/v1/namespaces/\(namespace)/pods/\(name)"
        var found: PodObject?
        try await eventually("pod \(namespace)/\(name) is ready", within: limit, every: .milliseconds(100)) {
            found = try await kubernetes.object(path).map { PodObject($0) }
            return found?.isReady ?? false
        }
        let addresses = found?.value["status"]?["podIPs"]?.arrayValue?.compactMap { $0["ip"]?.stringValue } ?? []
        return (found?.node ?? "", addresses)
    }

    /// The driver that runs a pod's node.
    public func driver(of node: String) throws(TestbedError) -> KubeletDriver {
        guard let driver = drivers.first(where: { $0.machine.name == node }) else {
            throw TestbedError("there is no \(node)")
        }
        return driver
    }

    /// Waits until every pod of a DaemonSet is ready, and of its present template.
    public func untilRolledOut(
        _ name: String, in namespace: String, within limit: Duration = .seconds(120)
    ) async throws {
        let path = "/apis/apps/v1/namespaces/\(namespace)/daemonsets/\(name)"
        try await eventually("DaemonSet \(name) is rolled out", within: limit, every: .milliseconds(200)) {
            guard let set = try await kubernetes.object(path), let status = set["status"] else { return false }
            let wanted = JSONValue.integer(machines.count)
            return status["observedGeneration"] == set["metadata"]?["generation"] && status["numberReady"] == wanted
                && status["updatedNumberScheduled"] == wanted && status["numberUnavailable"] ?? 0 == 0
        }
    }
}

extension JSONValue {
    /// The same with the modes of files as numbers: YAML's readers do not agree on what `0400` is.
    fileprivate var withModes: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.withModes))
        case .object(let members):
            .object(
                members.map { member in
                    let mode = member.value.stringValue.flatMap { Int($0, radix: 8) }
                    guard ["defaultMode", "mode"].contains(member.key), let mode else {
                        return (key: member.key, value: member.value.withModes)
                    }
                    return (key: member.key, value: .integer(mode))
                })
        default: self
        }
    }
}
