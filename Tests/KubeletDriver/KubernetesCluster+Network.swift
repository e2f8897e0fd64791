import CNIProtocol
public import Testbed

extension KubernetesCluster {
    /// Applies the manifest that installs Romana, adapted as its comments say.
    ///
    /// - Parameters:
    ///   - options: more options of the agent, such as `--block-cooldown=0`.
    ///   - release: the tag of the image; nil takes the manifest's own.
    public func install(
        _ manifest: String, options: [String] = [], release: String? = nil
    ) async throws(TestbedError) {
        if hasKubelets { try await publishAuthority(in: "kube-system") }
        try await apply(manifest) { adapt($0, ["--service-cluster-ip-range=10.96.0.0/16"] + options, release) }
    }

    /// Has every node left as it was by the manifest that does that; what installed Romana is deleted already.
    public func uninstall(_ manifest: String) async throws {
        try await apply(manifest) { adapt($0, ["--kubernetes-api=https://\(Fabric.address4):6443"], nil) }
        for machine in machines {
            try await eventually("\(machine.name) says nothing of its network", within: .seconds(30)) {
                let node = try await kubernetes.object("/api/v1/nodes/\(machine.name)")
                let conditions = node?["status"]?["conditions"]?.arrayValue ?? []
                return !conditions.contains { $0["type"] == "NetworkUnavailable" }
            }
        }
        try await delete(manifest)
    }

    /// Has every agent replaced by one of another release, node by node, and waits for that.
    public func roll(to release: String) async throws {
        let path = "/apis/apps/v1/namespaces/kube-system/daemonsets/romana-agent"
        let containers = try await kubernetes.object(path)?["spec"]?["template"]?["spec"]?["containers"]
        let change = (containers?.arrayValue ?? []).map { container -> JSONValue in
            ["name": container["name"] ?? "", "image": Self.tagged(container["image"] ?? "", release)]
        }
        let (status, body) = try await kubernetes.exchange(
            "PATCH", path, ["spec": ["template": ["spec": ["containers": .array(change)]]]],
            type: "application/strategic-merge-patch+json")
        guard status == 200 else { throw TestbedError("PATCH \(path): \(status): \(body.text.prefix(400))") }
        try await untilRolledOut("romana-agent", in: "kube-system")
    }

    private static func tagged(_ image: JSONValue, _ release: String) -> JSONValue {
        .string("\((image.stringValue ?? "").prefix { $0 != ":" }):\(release)")
    }

    /// There is no kube-proxy: etcd and the API server are named by their addresses.
    private func adapt(_ object: JSONValue, _ options: [String], _ release: String?) -> JSONValue {
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
            let more = options.map { JSONValue.string($0) }
            return object.setting("spec") { spec in
                spec.setting("template") { template in
                    template.setting("spec") { pod in
                        let pod = pod.setting("containers") { Self.adding(more, release, toEach: $0) }
                        return hasKubelets ? Self.withToken(pod) : pod
                    }
                }
            }
        default: return object
        }
    }

    private static func adding(_ words: [JSONValue], _ release: String?, toEach containers: JSONValue) -> JSONValue {
        .array(
            (containers.arrayValue ?? []).map { container in
                container.setting("args") { .array(($0.arrayValue ?? []) + words) }
                    // `status.hostIP` is one address; without it the agent takes one of each family.
                    .setting("image") { image in release.map { tagged(image, $0) } ?? image }
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
        try await kubernetes.object("/api/v1/nodes/\(node)")?.isReady ?? false
    }
}

extension JSONValue {
    /// An object with a member made anew from what it was.
    func setting(_ key: String, _ change: (JSONValue) -> JSONValue) -> JSONValue {
        var members = (self.members ?? []).filter { $0.key != key }
        members.append((key: key, value: change(self[key] ?? .null)))
        return .object(members)
    }
}
