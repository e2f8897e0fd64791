import Glibc

/// The environment variables that set defaults, read once.
struct DaemonEnvironment: Sendable {
    private let read: @Sendable (String) -> String?

    /// Variables given as values, for tests.
    init(_ variables: [String: String]) {
        read = { variables[$0].flatMap { $0.isEmpty ? nil : $0 } }
    }

    /// The variables of this process; an empty one counts as not set.
    static var process: DaemonEnvironment {
        let names = [
            "ROMANA_ETCD_SERVICE_HOST", "ROMANA_ETCD_SERVICE_PORT_ETCD", "ROMANA_ETCD_SERVICE_PORT",
            "ROMANA_ETCD_PASSWORD", "KUBERNETES_SERVICE_HOST", "NODEIP",
        ]
        var variables: [String: String] = [:]
        for name in names { variables[name] = getenv(name).map { String(cString: $0) } }
        return DaemonEnvironment(variables)
    }

    /// The value of one variable, nil when it is empty or not set.
    subscript(name: String) -> String? { read(name) }

    /// Where etcd is when no flag says so: the romana-etcd service of the cluster, else this machine.
    var etcdEndpoints: [String] {
        guard let host = self["ROMANA_ETCD_SERVICE_HOST"] else { return ["localhost:2379"] }
        let port = self["ROMANA_ETCD_SERVICE_PORT_ETCD"] ?? self["ROMANA_ETCD_SERVICE_PORT"] ?? "12379"
        return [(host.contains(":") ? "[\(host)]" : host) + ":" + port]
    }

    /// The address of the Kubernetes API service, by which an installer is known (10.96.0.1 is kubeadm's).
    var kubernetesService: String? { self["KUBERNETES_SERVICE_HOST"] }
}
