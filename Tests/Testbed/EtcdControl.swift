/// etcd's own client, told where a server is.
public struct EtcdControl: Sendable, Hashable {
    /// Where the server serves clients, as a URL.
    public let endpoint: String
    /// The network namespace that it is reached from; nil is that of this process.
    public let namespace: String?

    /// A client of one server.
    public init(endpoint: String, namespace: String? = nil) {
        self.endpoint = endpoint
        self.namespace = namespace
    }

    /// Runs etcdctl with these words.
    public func run(_ words: [String]) async throws(TestbedError) -> CommandResult {
        try await Program(
            "etcdctl", ["--endpoints", endpoint, "--command-timeout", "5s", "--dial-timeout", "2s"] + words,
            environment: ["ETCDCTL_API": "3", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], namespace: namespace
        ).run(limit: .seconds(15))
    }

    /// All keys and values below a prefix.
    public func keys(below prefix: String) async throws(TestbedError) -> [String: String] {
        let text = try await run(["get", "--prefix", prefix]).checked().text
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var keys: [String: String] = [:]
        for index in stride(from: 0, to: lines.count - 1, by: 2) { keys[lines[index]] = lines[index + 1] }
        return keys
    }
}
