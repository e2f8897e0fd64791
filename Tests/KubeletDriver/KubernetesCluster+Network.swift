import CNIProtocol
public import Testbed

extension KubernetesCluster {
    /// Applies the manifest that installs Romana, adapted as its comments say.
    ///
    /// - Parameter options: more options of the agent, such as `--block-cooldown=0`.
    public func install(_ manifest: String, options: [String] = []) async throws(TestbedError) {
        try await apply(manifest) { adapt($0, options) }
    }

    /// There is no kube-proxy: etcd and the API server are named by their addresses.
    private func adapt(_ object: JSONValue, _ options: [String]) -> JSONValue {
        switch object["kind"] {
        case "ConfigMap":
            let topology = TopologyText.racks(.dual)
            return object.setting("data") { data in
                data.setting("etcd-endpoints") { _ in .string(etcdEndpoint) }
                    .setting("kubernetes-host") { _ in .string(Fabric.address4) }
                    .setting("kubernetes-port") { _ in "6443" }
                    .setting("network.json") { _ in .string(topology) }
            }
        case "DaemonSet":
            let more = (["--service-cluster-ip-range=10.96.0.0/16"] + options).map { JSONValue.string($0) }
            return object.setting("spec") { spec in
                spec.setting("template") { template in
                    template.setting("spec") { $0.setting("containers") { Self.adding(more, toEach: $0) } }
                }
            }
        default: return object
        }
    }

    private static func adding(_ words: [JSONValue], toEach containers: JSONValue) -> JSONValue {
        .array(
            (containers.arrayValue ?? []).map { container in
                container.setting("args") { .array(($0.arrayValue ?? []) + words) }
                    // `status.hostIP` is one address; without it the agent takes one of each family.
                    .setting("env") { .array(($0.arrayValue ?? []).filter { $0["name"] != "NODEIP" }) }
            })
    }

    /// Waits until every node can run pods.
    public func untilNodesAreReady(within limit: Duration = .seconds(60)) async throws {
        try await eventually("every node is ready", within: limit, every: .milliseconds(100)) {
            for machine in machines where try await !isReady(machine.name) { return false }
            return true
        }
    }

    /// Whether a node says that it can run pods.
    public func isReady(_ node: String) async throws(TestbedError) -> Bool {
        let conditions = try await kubernetes.object("/api/v1/nodes/\(node)")?["status"]?["conditions"]?.arrayValue
        return conditions?.contains { $0["type"] == "Ready" && $0["status"] == "True" } ?? false
    }
}

extension JSONValue {
    /// An object with a member made anew from what it was.
    fileprivate func setting(_ key: String, _ change: (JSONValue) -> JSONValue) -> JSONValue {
        var members = (self.members ?? []).filter { $0.key != key }
        members.append((key: key, value: change(self[key] ?? .null)))
        return .object(members)
    }
}
