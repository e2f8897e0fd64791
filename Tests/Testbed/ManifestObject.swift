public import CNIProtocol

/// One object of a ``ManifestFile``.
public struct ManifestObject: Sendable {
    /// Its YAML as it stands in the file.
    public let text: String
    /// What that says.
    public let value: JSONValue
    /// Its kind, such as `DaemonSet`.
    public let kind: String
    /// Its name.
    public let name: String

    private static let kinds = [
        "ConfigMap": "configmaps", "Service": "services", "ServiceAccount": "serviceaccounts",
        "Deployment": "deployments", "DaemonSet": "daemonsets", "ClusterRole": "clusterroles",
        "ClusterRoleBinding": "clusterrolebindings", "Job": "jobs",
    ]

    init(_ text: String, _ value: JSONValue) throws(TestbedError) {
        guard let kind = value["kind"]?.stringValue, let name = value["metadata"]?["name"]?.stringValue else {
            throw TestbedError("an object without kind and name: \(text.prefix(200))")
        }
        (self.text, self.value, self.kind, self.name) = (text, value, kind, name)
    }

    /// Where it is in the API.
    func path() throws(TestbedError) -> String {
        guard let version = value["apiVersion"]?.stringValue, let plural = Self.kinds[kind] else {
            throw TestbedError("\(kind) \(name): nobody knows where such objects are")
        }
        let namespace = value["metadata"]?["namespace"]?.stringValue.map { "/namespaces/\($0)" } ?? ""
        return "/\(version.contains("/") ? "apis" : "api")/\(version)\(namespace)/\(plural)/\(name)"
    }

    /// What its pods are to be; nil when it has none.
    public var podTemplate: JSONValue? { value["spec"]?["template"] }

    /// The containers of its pods.
    public var containers: [ManifestContainer] {
        let spec = podTemplate?["spec"]
        return ["initContainers", "containers"].flatMap { spec?[$0]?.arrayValue ?? [] }.map {
            ManifestContainer(value: $0, object: name)
        }
    }

    /// What a role allows, as `list networking.k8s.io/networkpolicies` or `patch /nodes/status`.
    public var grants: Set<String> {
        var grants: Set<String> = []
        for rule in value["rules"]?.arrayValue ?? [] {
            func texts(_ key: String) -> [String] { (rule[key]?.arrayValue ?? []).compactMap(\.stringValue) }
            for verb in texts("verbs") {
                for group in texts("apiGroups") {
                    for resource in texts("resources") { grants.insert("\(verb) \(group)/\(resource)") }
                }
            }
        }
        return grants
    }
}

/// A container of a ``ManifestObject``.
public struct ManifestContainer: Sendable {
    /// What the manifest says of it.
    public let value: JSONValue
    /// The name of the object that it is of.
    public let object: String

    /// Its image with its tag.
    public var image: String { value["image"]?.stringValue ?? "" }
    /// The program and the words that lead to what it does.
    public var command: [String] { (value["command"]?.arrayValue ?? []).compactMap(\.stringValue) }
    /// Its arguments.
    public var arguments: [String] { (value["args"]?.arrayValue ?? []).compactMap(\.stringValue) }
}
