public import Testbed

/// Debian's containerd on a machine; networks are not its business here.
public struct ContainerRuntime: Sendable {
    /// The image that it has: a static busybox.
    public static let image = "localhost/busybox:1"

    /// The image of the container that holds a pod's namespaces for a kubelet.
    public static let pause = "localhost/pause:1"

    let machine: Machine
    private let process: ChildProcess
    /// Where it serves.
    public let socket: String
    private let servesKubelet: Bool

    /// Starts it.
    ///
    /// - Parameters:
    ///   - images: archives that it is to have.
    ///   - servesKubelet: whether it serves the interface that a kubelet asks for; it then attaches pods by itself.
    public static func start(
        on machine: Machine, images: [String], servesKubelet: Bool = false
    ) async throws -> ContainerRuntime {
        let folder = "\(machine.directory)/containerd"
        for part in ["root", "state"] { try await Program("mkdir", ["-p", "\(folder)/\(part)"]).text() }
        let socket = servesKubelet ? "/run/containerd/containerd.sock" : "\(folder)/containerd.sock"
        try TextFile.write(
            """
            version = 2
            root = "\(folder)/root"
            state = "\(folder)/state"
            disabled_plugins = [\(servesKubelet ? "" : #""io.containerd.grpc.v1.cri""#)]
            [grpc]
              address = "\(socket)"
            [plugins."io.containerd.grpc.v1.cri"]
              sandbox_image = "\(pause)"
              disable_cgroup = true
              restrict_oom_score_adj = true

            """, to: "\(folder)/config.toml")
        let program = machine.program("containerd", ["--config", "\(folder)/config.toml"])
        let runtime = ContainerRuntime(
            machine: machine, process: try await ChildProcess.start(program, log: "\(folder)/log"), socket: socket,
            servesKubelet: servesKubelet)
        do {
            try await eventually("containerd of \(machine.name) answers", within: .seconds(30)) {
                try await runtime.client(["version"]).run().status.isSuccess
            }
            let namespace = servesKubelet ? ["--namespace", "k8s.io"] : []
            for file in images { try await runtime.client(namespace + ["image", "import", file]).text() }
        } catch {
            let words = runtime.process.said(lines: 20)
            await runtime.stop()
            throw TestbedError("\(error)\n\(words)")
        }
        return runtime
    }

    /// Ends it, and what kubelets had it run, which would go on.
    public func stop() async {
        if servesKubelet, let tasks = try? await client(["--namespace", "k8s.io", "task", "list", "-q"]).run() {
            for id in tasks.text.split(separator: "\n") {
                // One that ends by itself meanwhile is as good.
                _ = try? await client(["--namespace", "k8s.io", "task", "delete", "--force", String(id)]).run()
            }
        }
        await process.stop()
    }

    /// containerd's own client with these words.
    public func client(_ words: [String]) -> Program {
        machine.program("ctr", ["--address", socket] + words)
    }

    /// The names of its images.
    public func images() async throws(TestbedError) -> Set<String> {
        Set(try await client(["image", "list", "-q"]).text().split(separator: "\n").map { String($0) })
    }

    /// Starts a container on a network namespace of the machine; it is gone when the process that is returned ends.
    func run(_ container: ContainerPlan, id: String, network: String, log: String) async throws -> ChildProcess {
        var words = ["run", "--rm", "--cgroup", "", "--with-ns", "network:\(network)"]
        for (name, value) in container.environment.sorted(by: { $0.key < $1.key }) {
            words += ["--env", "\(name)=\(value)"]
        }
        for mount in container.mounts {
            words += ["--mount", "type=bind,src=\(mount.source),dst=\(mount.target),options=rbind:\(mount.mode)"]
        }
        words += [container.image, id] + container.command
        let process = try await ChildProcess.start(client(words), log: log)
        try await eventually("container \(id) runs", within: .seconds(30)) {
            if process.status != nil { return true }
            return try await client(["task", "list"]).text().split(separator: "\n").contains { line in
                line.hasPrefix("\(id) ") && line.hasSuffix("RUNNING")
            }
        }
        return process
    }

    /// Sends a signal to a container; one that has ended does no harm.
    func signal(_ name: String, _ id: String) async {
        _ = try? await client(["task", "kill", "--signal", name, id]).run()
    }

    /// Runs a command in a container.
    public func execute(_ command: [String], in id: String) async throws(TestbedError) -> CommandResult {
        let number = UInt32.random(in: 0...UInt32.max)
        return try await client(["task", "exec", "--exec-id", "exec-\(number)", id] + command).run()
    }
}
