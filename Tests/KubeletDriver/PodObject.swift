import CNIProtocol

/// A pod as the API tells it.
struct PodObject: Sendable {
    /// The whole object.
    let value: JSONValue

    init(_ value: JSONValue) { self.value = value }

    var name: String { value["metadata"]?["name"]?.stringValue ?? "" }
    var namespace: String { value["metadata"]?["namespace"]?.stringValue ?? "default" }
    var uid: String { value["metadata"]?["uid"]?.stringValue ?? "" }
    var path: String { "/api/v1/namespaces/\(namespace)/pods/\(name)" }
    var node: String? { value["spec"]?["nodeName"]?.stringValue }
    var isLeaving: Bool { value["metadata"]?["deletionTimestamp"] != nil }
    var phase: String { value["status"]?["phase"]?.stringValue ?? "Pending" }
    var hasEnded: Bool { ["Succeeded", "Failed"].contains(phase) }
    var isOnNetworkOfNode: Bool { value["spec"]?["hostNetwork"]?.boolValue ?? false }
    var serviceAccount: String? { value["spec"]?["serviceAccountName"]?.stringValue }
    /// `Always`, `OnFailure` or `Never`.
    var restartPolicy: String { value["spec"]?["restartPolicy"]?.stringValue ?? "Always" }
    /// How long it may take to end, in seconds.
    var grace: Int { value["metadata"]?["deletionGracePeriodSeconds"]?.intValue ?? 30 }
    var containers: [JSONValue] { value["spec"]?["containers"]?.arrayValue ?? [] }
    var initContainers: [JSONValue] { value["spec"]?["initContainers"]?.arrayValue ?? [] }

    /// What plugins are asked for, as the kubelet reads it out of the pod.
    var capabilities: [(key: String, value: JSONValue)] {
        let ports = containers.flatMap { $0["ports"]?.arrayValue ?? [] }.compactMap { port -> JSONValue? in
            guard let outer = port["hostPort"]?.intValue, let inner = port["containerPort"] else { return nil }
            return [
                "hostPort": .integer(outer), "containerPort": inner,
                "protocol": .string((port["protocol"]?.stringValue ?? "TCP").lowercased()),
                "hostIP": port["hostIP"] ?? "",
            ]
        }
        var rates: [(key: String, value: JSONValue)] = []
        for direction in ["ingress", "egress"] {
            let text = value["metadata"]?["annotations"]?["kubernetes.io/\(direction)-bandwidth"]?.stringValue
            guard let text, let rate = Self.bits(text) else { continue }
            rates.append((key: "\(direction)Rate", value: .integer(rate)))
            rates.append((key: "\(direction)Burst", value: .integer(0x7fff_ffff)))
        }
        var capabilities: [(key: String, value: JSONValue)] = []
        if !ports.isEmpty { capabilities.append((key: "portMappings", value: .array(ports))) }
        if !rates.isEmpty { capabilities.append((key: "bandwidth", value: .object(rates))) }
        return capabilities
    }

    /// A quantity such as `10M`.
    private static func bits(_ text: String) -> Int? {
        let factors: [Character: Int] = ["k": 1000, "M": 1_000_000, "G": 1_000_000_000]
        guard let last = text.last, let factor = factors[last] else { return Int(text) }
        return Int(text.dropLast()).map { $0 * factor }
    }
}
