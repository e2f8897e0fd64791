import CNIProtocol
import LinuxSystem
import Testbed

/// Fills in what a pod only refers to: fields of its own, maps of configuration, volumes, the token of its account.
struct ContainerPlanner: Sendable {
    let machine: Machine
    let kubernetes: KubernetesAPIServer
    let pod: PodObject

    /// The folder of the pod, as its machine sees it too.
    private var folder: String { "\(machine.directory)/pods/\(pod.uid)" }

    func plan(_ container: JSONValue) async throws(TestbedError) -> ContainerPlan {
        let name = container["name"]?.stringValue ?? ""
        let environment = try await environment(container)
        let words = ["command", "args"].flatMap { container[$0]?.arrayValue ?? [] }.compactMap(\.stringValue)
        let context = container["securityContext"]
        return ContainerPlan(
            name: name, image: container["image"]?.stringValue ?? "",
            command: words.map { Self.expand($0, environment) }, environment: environment,
            mounts: try await mounts(container), capabilities: Self.capabilities(context),
            isReadOnly: context?["readOnlyRootFilesystem"]?.boolValue ?? false, readiness: readiness(container))
    }

    // MARK: - Environment

    private func environment(_ container: JSONValue) async throws(TestbedError) -> [String: String] {
        var environment: [String: String] = [:]
        environment["KUBERNETES_SERVICE_HOST"] = "10.96.0.1"
        environment["KUBERNETES_SERVICE_PORT"] = "443"
        environment["HOSTNAME"] = pod.isOnNetworkOfNode ? machine.name : pod.name
        for source in container["envFrom"]?.arrayValue ?? [] {
            guard let map = source["configMapRef"]?["name"]?.stringValue else { continue }
            for (name, value) in try await data(ofMap: map, source["configMapRef"]) { environment[name] = value }
        }
        for entry in container["env"]?.arrayValue ?? [] {
            guard let name = entry["name"]?.stringValue else { continue }
            if let value = entry["value"]?.stringValue {
                environment[name] = Self.expand(value, environment)
            } else if let field = entry["valueFrom"]?["fieldRef"]?["fieldPath"]?.stringValue {
                environment[name] = self.field(field)
            } else if let reference = entry["valueFrom"]?["configMapKeyRef"], let key = reference["key"]?.stringValue {
                let map = try await data(ofMap: reference["name"]?.stringValue ?? "", reference)
                if let value = map[key] {
                    environment[name] = value
                } else if reference["optional"]?.boolValue != true {
                    throw TestbedError("CreateContainerConfigError: couldn't find key \(key)")
                }
            }
        }
        return environment
    }

    private func data(ofMap name: String, _ reference: JSONValue?) async throws(TestbedError) -> [String: String] {
        let path = "/api/v1/namespaces/\(pod.namespace)/configmaps/\(name)"
        guard let map = try await kubernetes.object(path) else {
            if reference?["optional"]?.boolValue == true { return [:] }
            throw TestbedError("CreateContainerConfigError: configmap \"\(name)\" not found")
        }
        var data: [String: String] = [:]
        for (key, value) in map["data"]?.members ?? [] { data[key] = value.stringValue }
        return data
    }

    private func field(_ path: String) -> String {
        switch path {
        case "spec.nodeName": machine.name
        case "status.hostIP": machine.addresses[0]
        case "status.podIP": pod.isOnNetworkOfNode ? machine.addresses[0] : ""
        case "status.podIPs": pod.isOnNetworkOfNode ? machine.addresses.joined(separator: ",") : ""
        case "metadata.name": pod.name
        case "metadata.namespace": pod.namespace
        case "metadata.uid": pod.uid
        case "spec.serviceAccountName": pod.serviceAccount ?? ""
        default: ""
        }
    }

    /// Replaces `$(NAME)` by what the environment has of that name.
    private static func expand(_ text: String, _ environment: [String: String]) -> String {
        environment.reduce(text) { $0.replacing("$(\($1.key))", with: $1.value) }
    }

    // MARK: - Volumes

    private func mounts(_ container: JSONValue) async throws(TestbedError) -> [ContainerPlan.Mount] {
        var mounts: [ContainerPlan.Mount] = []
        for entry in container["volumeMounts"]?.arrayValue ?? [] {
            guard let name = entry["name"]?.stringValue, let target = entry["mountPath"]?.stringValue,
                let volume = pod.value["spec"]?["volumes"]?.arrayValue?.first(where: { $0["name"]?.stringValue == name }
                ),
                let source = try await source(of: volume, name)
            else { continue }
            let isReadOnly = entry["readOnly"]?.boolValue ?? false
            let part = entry["subPath"]?.stringValue.map { "/\($0)" } ?? ""
            mounts.append(ContainerPlan.Mount(source: source + part, target: target, isReadOnly: isReadOnly))
        }
        if let token = try await tokenFolder() {
            let target = "/var/run/secrets/kubernetes.io/serviceaccount"
            mounts.append(ContainerPlan.Mount(source: token, target: target, isReadOnly: true))
        }
        return mounts
    }

    private func source(of volume: JSONValue, _ name: String) async throws(TestbedError) -> String? {
        if let host = volume["hostPath"], let path = host["path"]?.stringValue {
            let kind = host["type"]?.stringValue ?? ""
            let isOwn = ["/etc/", "/opt/", "/var/lib/", "/run/", "/var/run/"].contains { path.hasPrefix($0) }
            if kind == "DirectoryOrCreate", isOwn {
                try await machine.program("mkdir", ["-p", path]).text()
            } else if kind == "FileOrCreate", isOwn {
                try await machine.program("sh", ["-c", "[ -e \(path) ] || : >\(path)"]).text()
            }
            if kind == "File", !FileSystem.fileExists(machine.path(path)) {
                throw TestbedError("FailedMount: hostPath type check failed: \(path) is not a file")
            }
            // What this machine does not have of the others' (kernel modules, say) is left out.
            return isOwn || FileSystem.fileExists(machine.path(path)) ? path : nil
        }
        let path = "\(folder)/volumes/\(name)"
        try await Program("mkdir", ["-p", path]).text()
        if let map = volume["configMap"] {
            for (key, value) in try await data(ofMap: map["name"]?.stringValue ?? "", map) {
                try TextFile.write(value, to: "\(path)/\(key)")
            }
        }
        return path
    }

    /// A folder with the token of the pod's account, as the kubelet keeps it; nil for pods without one.
    private func tokenFolder() async throws(TestbedError) -> String? {
        guard let account = pod.serviceAccount, account != "default" else { return nil }
        let path = "/api/v1/namespaces/\(pod.namespace)/serviceaccounts/\(account)/token"
        let (status, body) = try await kubernetes.exchange(
            "POST", path,
            [
                "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                "spec": [
                    "audiences": [], "expirationSeconds": 86_400,
                    "boundObjectRef": [
                        "kind": "Pod", "apiVersion": "v1", "name": .string(pod.name), "uid": .string(pod.uid),
                    ],
                ],
            ])
        guard let token = body["status"]?["token"]?.stringValue else {
            throw TestbedError("CreateContainerConfigError: token of \(account): \(status): \(body.text.prefix(200))")
        }
        let folder = "\(folder)/token"
        try await Program("mkdir", ["-p", folder]).text()
        try TextFile.write(token, to: "\(folder)/token", mode: 0o600)
        try TextFile.write(pod.namespace, to: "\(folder)/namespace")
        try TextFile.write(TextFile.read(kubernetes.caFile) ?? "", to: "\(folder)/ca.crt")
        return folder
    }

    // MARK: - Rights and readiness

    private static let usual = [
        "chown", "dac_override", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap", "net_bind_service",
        "net_raw", "sys_chroot", "mknod", "audit_write", "setfcap",
    ]

    private static func capabilities(_ context: JSONValue?) -> String {
        if context?["privileged"]?.boolValue == true { return "+all" }
        func names(_ list: String) -> [String] {
            (context?["capabilities"]?[list]?.arrayValue ?? []).compactMap { $0.stringValue?.lowercased() }
                .map { $0.hasPrefix("cap_") ? String($0.dropFirst(4)) : $0 }
        }
        let dropped = names("drop")
        let kept = dropped.contains("all") ? [] : usual.filter { !dropped.contains($0) }
        return (["-all"] + (kept + names("add")).map { "+\($0)" }).joined(separator: ",")
    }

    /// The address that is asked whether the container is ready; `HOST` stands for the pod's own address.
    private func readiness(_ container: JSONValue) -> String? {
        guard let probe = container["readinessProbe"]?["httpGet"] else { return nil }
        var port = probe["port"]?.intValue
        if let name = probe["port"]?.stringValue {
            let ports = container["ports"]?.arrayValue ?? []
            port = Int(name) ?? ports.first { $0["name"]?.stringValue == name }?["containerPort"]?.intValue
        }
        let scheme = (probe["scheme"]?.stringValue ?? "http").lowercased()
        let host = probe["host"]?.stringValue ?? "HOST"
        return "\(scheme)://\(host):\(port ?? 80)\(probe["path"]?.stringValue ?? "/")"
    }
}
