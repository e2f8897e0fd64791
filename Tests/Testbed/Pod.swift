/// A pod as a runtime sees it: a sandbox with a namespace on a node, and calls of the CNI binary for it.
public struct Pod: Sendable, Hashable {
    /// The node it is on.
    public let node: Node.Site
    /// Its network namespace.
    public let namespace: Namespace
    /// The sandbox's id: 64 hexadecimal digits, as containerd makes them.
    public let containerID: String
    /// The pod's name.
    public var name: String
    /// The pod's id in Kubernetes.
    public var uid: String
    /// The pod's Kubernetes namespace, which is its tenant.
    public var tenant: String
    /// The interface that it is to get.
    public var interface: String
    /// The version of the CNI specification it is called with.
    public var cniVersion: String
    /// The `name` of the network's configuration.
    public var network: String

    /// A pod on a node; its namespace is named after both, its id is made up.
    public init(node: Node.Site, number: Int, tenant: String) {
        self.node = node
        name = "pod-\(number)"
        namespace = Namespace("\(node.prefix)-\(name)")
        let digits = "\(number)"
        uid = "00000000-0000-0000-0000-" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
        containerID = (0..<4).map { _ in
            let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        self.tenant = tenant
        interface = "eth0"
        cniVersion = "1.0.0"
        network = "romana-k8s-network"
    }

    /// The network configuration that a runtime would hand to the plugin.
    public var config: String { config(with: "") }

    /// The same with the result of an earlier ADD, as CHECK and DEL get it.
    public func config(afterResult result: String) -> String { config(with: #", "prevResult": \#(result)"#) }

    /// A GC call that names the attachments that are still valid.
    public func collectGarbage(keeping pods: [Pod], key: String = "cni.dev/valid-attachments") -> CNICall {
        let list = pods.map { #"{"containerID": "\#($0.containerID)", "ifname": "\#($0.interface)"}"# }
        return call("GC").with(input: config(with: #", "\#(key)": [\#(list.joined(separator: ", "))]"#))
    }

    private func config(with more: String) -> String {
        """
        {"cniVersion": "\(cniVersion)", "name": "\(network)", "type": "romana-cni", \
        "agentSocket": "\(node.socket)", "capabilities": {"portMappings": true, "bandwidth": true}\(more)}
        """
    }

    /// A call for this pod: ADD, DEL, CHECK, GC, STATUS or VERSION.
    public func call(_ command: String) -> CNICall {
        CNICall(
            program: node.cni, node: node.namespace,
            environment: [
                "CNI_COMMAND": command,
                "CNI_CONTAINERID": containerID,
                "CNI_NETNS": namespace.path,
                "CNI_IFNAME": interface,
                "CNI_ARGS":
                    "IgnoreUnknown=1;K8S_POD_NAMESPACE=\(tenant);K8S_POD_NAME=\(name);"
                    + "K8S_POD_INFRA_CONTAINER_ID=\(containerID);K8S_POD_UID=\(uid)",
                "CNI_PATH": "/opt/cni/bin",
                "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ],
            input: Array(config.utf8))
    }

    /// ADD; its addresses.
    @discardableResult
    public func add() async throws(TestbedError) -> [String] {
        try await call("ADD").run().checked().addresses
    }

    /// DEL, which has to succeed.
    public func delete() async throws(TestbedError) {
        try await call("DEL").run().checked()
    }
}
