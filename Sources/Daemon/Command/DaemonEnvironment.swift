import Glibc

/// The environment variables that set defaults, as they are now.
struct DaemonEnvironment: Sendable {
    private let read: @Sendable (String) -> String?

    /// Variables given as values, for tests.
    init(_ variables: [String: String]) {
        self.init(reading: { variables[$0] })
    }

    /// The variables of this process; an empty one counts as not set.
    static var process: DaemonEnvironment {
        DaemonEnvironment(reading: { name in getenv(name).map { String(cString: $0) } })
    }

    /// Variables read where they are, when they are asked for.
    private init(reading read: @escaping @Sendable (String) -> String?) {
        self.read = { name in read(name).flatMap { $0.isEmpty ? nil : $0 } }
    }

    /// The value of an option: as given on the command line, else that of its variable; empty counts as not given.
    func value(_ given: String?, _ option: String) -> String? {
        if let given, !given.isEmpty { return given }
        return self["ROMANA_DAEMON_" + option.uppercased().replacing("-", with: "_")]
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
