import Duties
import Etcd
import KubernetesAPI
import StubServer

extension AgainstEtcd {
    /// A cluster whose objects a test changes, and what a listener makes of them in etcd.
    struct ListenedCluster: Sendable {
        let api: StubKubernetes
        let etcd: EtcdClient

        func namespace(_ name: String, labels: String = "{}", annotations: String = "{}") {
            api.put(
                "/api/v1/namespaces", name,
                """
                {"metadata": {"name": "\(name)", "resourceVersion": "VERSION", "labels": \(labels), \
                "annotations": \(annotations)}, "status": {"phase": "Active"}}
                """)
        }

        func pod(
            _ name: String, in namespace: String = "a", app: String, _ address: String, phase: String = "Running",
            hostNetwork: Bool = false
        ) {
            api.put(
                "/api/v1/pods", "\(namespace)/\(name)",
                """
                {"metadata": {"name": "\(name)", "namespace": "\(namespace)", "uid": "\(name)", \
                "resourceVersion": "VERSION", "labels": {"app": "\(app)"}}, \
                "spec": {"nodeName": "n", "hostNetwork": \(hostNetwork), \
                "containers": [{"ports": [{"name": "web", "containerPort": 80}]}]}, \
                "status": {"phase": "\(phase)", "podIP": "\(address)"}}
                """)
        }

        func policy(_ name: String, in namespace: String = "a", uid: String? = nil, _ spec: String) {
            api.put(
                "/apis/networking.k8s.io/v1/networkpolicies", "\(namespace)/\(name)",
                """
                {"metadata": {"name": "\(name)", "namespace": "\(namespace)", "uid": "\(uid ?? name)", \
                "resourceVersion": "VERSION"}, "spec": \(spec)}
                """)
        }

        func removePolicy(_ name: String, in namespace: String = "a") {
            api.delete("/apis/networking.k8s.io/v1/networkpolicies", "\(namespace)/\(name)")
        }

        /// A policy that lets pods of an app come in.
        static func from(_ app: String) -> String {
            #"{"podSelector": {}, "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "\#(app)"}}}]}]}"#
        }

        /// Keys of policies.
        func policies() async throws -> [String] {
            try await etcd.list(prefix: "/r/policies/").keyValues.map { String($0.key.dropFirst("/r/policies/".count)) }
        }

        /// Addresses of the members of each group, by the app that it selects; `?` where it is not said to be there.
        func members() async throws -> [String: [String]] {
            var names: [String: String] = [:]
            var addresses: [String: [String]] = [:]
            for keyValue in try await etcd.list(prefix: "/r/groups/").keyValues {
                let parts = keyValue.key.split(separator: "/").map(String.init)
                if parts.count == 3 {
                    let text = String(decoding: keyValue.value, as: UTF8.self)
                    names[parts[2]] = ["x", "y"].first { text.contains("\"" + $0 + "\"") } ?? "other"
                } else {
                    addresses[parts[2], default: []].append(parts[3])
                }
            }
            var members: [String: [String]] = [:]
            for (key, name) in names { members[name] = addresses[key] ?? [] }
            for (key, list) in addresses where names[key] == nil { members["?", default: []] += list }
            return members
        }

        /// A listener that is the only candidate, until the body ends.
        func listening<Result: Sendable>(
            _ board: DutyBoard = DutyBoard(), isolation: Bool = false, hostGrace: Duration? = nil,
            _ body: (DutyBoard) async throws -> Result
        ) async throws -> Result {
            var timing = KubernetesTiming()
            timing.firstPause = .milliseconds(10)
            timing.longestPause = .milliseconds(100)
            let kubernetes = KubernetesClient(
                try KubernetesConfiguration(server: api.url), timing: timing, logger: AgainstEtcd.quiet)
            let listener = Listener(
                kubernetes: kubernetes, etcd: etcd, prefix: "/r", host: "n", honoursNamespaceIsolation: isolation,
                hostGrace: hostGrace, board: board, logger: AgainstEtcd.quiet)
            let runner = DutyRunner(
                listener, etcd: etcd, prefix: "/r", candidate: "c", board: board, logger: AgainstEtcd.quiet)
            return try await AgainstEtcd.beside({ await runner.run() }) { try await body(board) }
        }
    }

    static func withCluster<Result: Sendable>(_ body: (ListenedCluster) async throws -> Result) async throws -> Result {
        try await withEtcd { _, etcd in
            let api = try StubKubernetes()
            let cluster = ListenedCluster(api: api, etcd: etcd)
            cluster.namespace("a")
            return try await body(cluster)
        }
    }
}
