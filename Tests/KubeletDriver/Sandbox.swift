import CNIProtocol

/// What plugins are told of a pod.
public struct Sandbox: Sendable {
    /// 64 hexadecimal digits.
    public let id: String
    /// The pod's network namespace as the machine sees it; empty when there is none any more.
    public internal(set) var path: String
    /// The namespace of the pod's object.
    public let podNamespace: String
    /// The pod's name.
    public let podName: String
    /// The pod's id.
    public let podUID: String
    /// What the pod wants of plugins that can do it: `portMappings`, `bandwidth`.
    let capabilities: [(key: String, value: JSONValue)]

    /// A sandbox for a pod, with an id of its own.
    init(for pod: PodObject) {
        let id = Self.makeID()
        self.id = id
        path = pod.isOnNetworkOfNode ? "" : "/run/netns/cni-\(id.prefix(32))"
        podNamespace = pod.namespace
        podName = pod.name
        podUID = pod.uid
        capabilities = pod.capabilities
    }

    /// One of somebody else's, of which nothing is left but its name.
    static func stray() -> Sandbox {
        Sandbox(for: PodObject(["metadata": ["name": "gone", "namespace": "default", "uid": "0-0"]]))
    }

    private static func makeID() -> String {
        (0..<4).map { _ in
            let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
