import CNIProtocol
import FoundationEssentials
import Testbed

/// What a kubelet tells of a pod.
enum PodReport: Sendable {
    /// It has not started, for this reason.
    case waiting(String)
    /// It runs, with these addresses.
    case running([String], [String: RunningContainer])
    /// It has ended.
    case ended(isSuccess: Bool, [String: RunningContainer])
}

extension KubeletDriver {
    private static let patch = "application/strategic-merge-patch+json"

    // MARK: - The node

    /// Registers the node, and tells again and again how it fares.
    func reportNode() async {
        var wasReady = false
        var last: ContinuousClock.Instant?
        while !Task.isCancelled {
            let isReady = plugins.network() != nil
            if isReady, !wasReady, manners.straysDelete { deleteStray() }
            let isDue = last.map { ContinuousClock.now - $0 >= manners.heartbeat } ?? true
            if isDue || isReady != wasReady, await writeNode(isReady: isReady) {
                last = .now
                wasReady = isReady
            }
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    private func writeNode(isReady: Bool) async -> Bool {
        let name = machine.name
        let labels: JSONValue = [
            "kubernetes.io/hostname": .string(name), "kubernetes.io/os": "linux",
            "kubernetes.io/arch": .string(Self.arch),
        ]
        let node: JSONValue = [
            "apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name), "labels": labels],
        ]
        let made = try? await kubernetes.exchange("POST", "/api/v1/nodes", node)
        guard let made, [200, 201, 409].contains(made.status) else { return false }
        let reason = isReady ? "KubeletReady" : "KubeletNotReady"
        let message =
            isReady ? "kubelet is posting ready status" : "network plugin is not ready: cni config uninitialized"
        let now = JSONValue.string(Date.now.formatted(.iso8601))
        let addresses = machine.addresses.map { ["type": "InternalIP", "address": .string($0)] as JSONValue }
        let resources: JSONValue = ["cpu": "2", "memory": "4Gi", "pods": "110"]
        let status: JSONValue = [
            "status": [
                // Two of them are of one type, by which this list would be merged.
                "addresses": .array(
                    [["$patch": "replace"]] + addresses + [["type": "Hostname", "address": .string(name)]]),
                "capacity": resources, "allocatable": resources,
                "nodeInfo": [
                    "architecture": .string(Self.arch), "operatingSystem": "linux", "kubeletVersion": "driver",
                    "containerRuntimeVersion": "containerd://1", "machineID": "", "systemUUID": "", "bootID": "",
                    "kernelVersion": "", "osImage": "", "kubeProxyVersion": "",
                ],
                "conditions": [
                    [
                        "type": "Ready", "status": isReady ? "True" : "False", "reason": .string(reason),
                        "message": .string(message), "lastHeartbeatTime": now, "lastTransitionTime": now,
                    ]
                ],
            ]
        ]
        let answer = try? await kubernetes.exchange("PATCH", "/api/v1/nodes/\(name)/status", status, type: Self.patch)
        return answer?.status == 200
    }

    private static var arch: String {
        #if arch(arm64)
        "arm64"
        #else
        "amd64"
        #endif
    }

    // MARK: - Pods

    /// Writes a pod's status when it says something new.
    /// - Returns: whether all of its containers can serve.
    @discardableResult
    func report(_ pod: PodObject, _ report: PodReport) async -> Bool {
        let ready: [String: Bool] =
            if case .running(let addresses, let containers) = report {
                await readiness(of: containers, at: addresses)
            } else { [:] }
        let status = status(of: pod, report, ready)
        let isReady = !ready.isEmpty && ready.values.allSatisfy { $0 }
        guard isNews(status.text, of: pod.uid) else { return isReady }
        let answer = try? await kubernetes.exchange(
            "PATCH", "\(pod.path)/status", ["metadata": ["uid": .string(pod.uid)], "status": status], type: Self.patch)
        if answer?.status == 200 { remember(status.text, of: pod.uid) }
        return isReady
    }

    private func status(of pod: PodObject, _ report: PodReport, _ ready: [String: Bool]) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = [(key: "hostIP", value: .string(machine.addresses[0]))]
        func add(_ key: String, _ value: JSONValue) { members.append((key: key, value: value)) }
        var isReady = false
        switch report {
        case .waiting(let reason):
            let short = String(reason.prefix { $0 != ":" })
            add("phase", "Pending")
            add(
                "containerStatuses",
                .array(
                    pod.containers.map {
                        status(
                            of: $0, nil, isReady: false,
                            state: ["waiting": ["reason": .string(short), "message": .string(reason)]])
                    }))
        case .running(let addresses, let containers):
            isReady = pod.containers.allSatisfy { ready[$0["name"]?.stringValue ?? ""] ?? false }
            add("phase", "Running")
            add("podIP", .string(addresses.first ?? ""))
            add("podIPs", .array(addresses.map { ["ip": .string($0)] }))
            add("containerStatuses", statuses(of: pod, containers, ready))
        case .ended(let isSuccess, let containers):
            add("phase", isSuccess ? "Succeeded" : "Failed")
            add("containerStatuses", statuses(of: pod, containers, ready))
        }
        let types = ["Initialized", "PodScheduled", "ContainersReady", "Ready"]
        add(
            "conditions",
            .array(
                types.map { type in
                    ["type": .string(type), "status": isReady || type == "PodScheduled" ? "True" : "False"]
                }))
        return .object(members)
    }

    private func statuses(
        of pod: PodObject, _ containers: [String: RunningContainer], _ ready: [String: Bool]
    ) -> JSONValue {
        .array(
            pod.containers.map { container in
                let name = container["name"]?.stringValue ?? ""
                guard let running = containers[name] else {
                    return status(of: container, nil, isReady: false, state: ["waiting": [:]])
                }
                let state: JSONValue =
                    switch running.process.status {
                    case nil: ["running": ["startedAt": .string(running.started)]]
                    case .exited(let code)?:
                        ["terminated": ["exitCode": .integer(code), "reason": code == 0 ? "Completed" : "Error"]]
                    case .signaled(let number)?:
                        ["terminated": ["exitCode": .integer(128 + number), "reason": "Error"]]
                    }
                return status(of: container, running, isReady: ready[name] ?? false, state: state)
            })
    }

    private func status(
        of container: JSONValue, _ running: RunningContainer?, isReady: Bool, state: JSONValue
    ) -> JSONValue {
        [
            "name": container["name"] ?? "", "image": container["image"] ?? "", "imageID": "",
            "ready": .bool(isReady), "started": .bool(running != nil && running?.process.status == nil),
            "restartCount": .integer(running?.restarts ?? 0), "state": state,
            "containerID": .string(running?.id.map { "containerd://\($0)" } ?? ""),
        ]
    }

    /// Which containers can serve: those that run, and answer where they have a probe.
    private func readiness(
        of containers: [String: RunningContainer], at addresses: [String]
    ) async -> [String: Bool] {
        var ready: [String: Bool] = [:]
        for (name, container) in containers {
            var isReady = container.process.status == nil
            if isReady, let probe = container.plan.readiness {
                let host = addresses.first.map { $0.contains(":") ? "[\($0)]" : $0 } ?? "localhost"
                let words = [
                    "-fsk", "-o", "/dev/null", "--max-time", "2", probe.replacing("//HOST:", with: "//\(host):"),
                ]
                isReady = (try? await machine.program("curl", words).run())?.status.isSuccess ?? false
            }
            ready[name] = isReady
        }
        return ready
    }

    /// Takes a pod that has left out of the API.
    func forget(_ pod: PodObject) async {
        let options: JSONValue = [
            "apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0,
            "preconditions": ["uid": .string(pod.uid)],
        ]
        while !Task.isCancelled {
            let answer = try? await kubernetes.exchange("DELETE", pod.path, options)
            if let answer, [200, 202, 404, 409].contains(answer.status) { return }
            try? await Task.sleep(for: .seconds(1))
        }
    }
}
