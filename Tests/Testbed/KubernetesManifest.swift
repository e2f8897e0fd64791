/// Objects that every test of policy needs, as JSON.
public enum KubernetesManifest {
    /// The group that the agents' token belongs to.
    static let agentGroup = "romana:agents"

    /// What agents may do: read what policies and nodes are about, tell of what cannot be done, and say how nodes are.
    static let agentRole = [
        KubernetesObject(
            .clusterRole, "romana-agent",
            manifest: """
                {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
                 "metadata": {"name": "romana-agent"},
                 "rules": [
                   {"apiGroups": [""], "resources": ["pods", "namespaces", "nodes", "services", "endpoints"],
                    "verbs": ["get", "list", "watch"]},
                   {"apiGroups": [""], "resources": ["nodes/status"], "verbs": ["patch"]},
                   {"apiGroups": ["networking.k8s.io"], "resources": ["networkpolicies"],
                    "verbs": ["get", "list", "watch"]},
                   {"apiGroups": ["", "events.k8s.io"], "resources": ["events"],
                    "verbs": ["get", "create", "patch"]}]}
                """),
        KubernetesObject(
            .clusterRoleBinding, "romana-agent",
            manifest: """
                {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
                 "metadata": {"name": "romana-agent"},
                 "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "romana-agent"},
                 "subjects": [
                   {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "\(agentGroup)"}]}
                """),
    ]

    /// A node.
    public static func node(_ name: String, labels: [String: String] = [:]) -> KubernetesObject {
        KubernetesObject(
            .node, name,
            manifest: """
                {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "\(name)", "labels": \(object(labels))}}
                """)
    }

    /// What a kubelet writes about a node.
    public static func status(nodeAddresses addresses: [String]) -> String {
        let list = addresses.map { #"{"type": "InternalIP", "address": "\#($0)"}"# }.joined(separator: ", ")
        return #"{"status": {"addresses": [\#(list)]}}"#
    }

    /// A namespace.
    public static func namespace(
        _ name: String, labels: [String: String] = [:], annotations: [String: String] = [:]
    ) -> KubernetesObject {
        KubernetesObject(
            .namespace, name,
            manifest: """
                {"apiVersion": "v1", "kind": "Namespace",
                 "metadata": {"name": "\(name)", "labels": \(object(labels)), "annotations": \(object(annotations))}}
                """)
    }

    /// A port that a container names.
    public struct Port: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// TCP, UDP or SCTP.
        public var transport: String
        /// Its number.
        public var number: Int

        /// A named port.
        public init(_ name: String, _ transport: String, _ number: Int) {
            self.name = name
            self.transport = transport
            self.number = number
        }
    }

    /// A pod that is scheduled to a node already, with one container.
    public static func pod(
        _ name: String, in namespace: String, on node: String, labels: [String: String] = [:], ports: [Port] = [],
        onNetworkOfNode: Bool = false
    ) -> KubernetesObject {
        let named = ports.map {
            #"{"name": "\#($0.name)", "protocol": "\#($0.transport)", "containerPort": \#($0.number)}"#
        }
        return KubernetesObject(
            .pod, name, in: namespace,
            manifest: """
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "\(name)", "namespace": "\(namespace)", "labels": \(object(labels))},
                 "spec": {
                   "nodeName": "\(node)", "hostNetwork": \(onNetworkOfNode), "terminationGracePeriodSeconds": 0,
                   "containers": [{"name": "main", "image": "none", "ports": [\(named.joined(separator: ", "))]}]}}
                """)
    }

    /// What a kubelet writes about a pod that has started, or has ended.
    public static func status(phase: String, addresses: [String]) -> String {
        let list = addresses.map { #"{"ip": "\#($0)"}"# }.joined(separator: ", ")
        return #"{"status": {"phase": "\#(phase)", "podIP": "\#(addresses.first ?? "")", "podIPs": [\#(list)]}}"#
    }

    /// A NetworkPolicy by what stands in its `spec`.
    public static func networkPolicy(_ name: String, in namespace: String, spec: String) -> KubernetesObject {
        KubernetesObject(
            .networkPolicy, name, in: namespace,
            manifest: """
                {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                 "metadata": {"name": "\(name)", "namespace": "\(namespace)"}, "spec": \(spec)}
                """)
    }

    /// A JSON object of strings.
    public static func object(_ members: [String: String]) -> String {
        let list = members.sorted { $0.key < $1.key }.map { #""\#($0.key)": "\#($0.value)""# }
        return "{\(list.joined(separator: ", "))}"
    }
}
