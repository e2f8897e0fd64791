import LinuxSystem

/// Debian's containerd on a node of a cluster, with every file of its own in a folder that is removed with the cluster.
public struct Containerd: Sendable {
    /// The image that it has: a static busybox.
    public static let image = "localhost/busybox:1"

    private let process: ChildProcess
    private let socket: String

    /// Starts containerd on a node, with the node's agent as its only network.
    ///
    /// - Parameter scripts: the folder that holds private-folders.sh and busybox-image.sh.
    public static func start(on node: Node, scripts: String) async throws -> Containerd {
        let directory = "\(node.site.directory)/containerd"
        for part in ["root", "state", "etc", "opt", "var/lib"] {
            try TestbedError.converting { () throws(SystemError) in
                try FileSystem.makeDirectory("\(directory)/\(part)")
            }
        }
        let socket = "\(directory)/containerd.sock"
        try TextFile.write(
            """
            version = 2
            root = "\(directory)/root"
            state = "\(directory)/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
              address = "\(socket)"

            """, to: "\(directory)/config.toml")
        let program = Program(
            "unshare",
            [
                "--mount", "\(scripts)/private-folders.sh", directory,
                "containerd", "--config", "\(directory)/config.toml",
            ],
            namespace: node.site.namespace?.path)
        let containerd = Containerd(
            process: try await ChildProcess.start(program, log: "\(directory)/log"), socket: socket)
        do {
            try await eventually("containerd answers") { try await containerd.ctr(["version"]).status.isSuccess }
            try await containerd.configure(node.site)
            try await Program("\(scripts)/busybox-image.sh", ["\(directory)/image.tar"]).text()
            try await containerd.ctr(["image", "import", "\(directory)/image.tar"]).checked()
        } catch {
            let words = containerd.process.said()
            await containerd.stop()
            throw TestbedError("\(error)\n\(words)")
        }
        return containerd
    }

    /// Ends it.
    public func stop() async {
        await process.stop()
    }

    /// The network of the node, as the agent's installation writes it, seen by this containerd only.
    private func configure(_ site: Node.Site) async throws(TestbedError) {
        let list = """
            {"cniVersion": "1.0.0", "cniVersions": ["0.4.0", "1.0.0", "1.1.0"], "name": "romana-k8s-network",
             "plugins": [{"type": "romana-cni", "agentSocket": "\(site.socket)",
                          "capabilities": {"portMappings": true, "bandwidth": true}}]}
            """
        try await inside("tee", ["/etc/cni/net.d/10-romana.conflist"]).text(input: list)
        try await inside("ln", ["-s", site.cni, "/opt/cni/bin/romana-cni"]).text()
    }

    private func inside(_ executable: String, _ arguments: [String]) -> Program {
        Program("nsenter", ["--target", "\(process.pid)", "--mount", "--net", "--", executable] + arguments)
    }

    /// Runs containerd's own client.
    public func ctr(_ arguments: [String]) async throws(TestbedError) -> CommandResult {
        try await inside("ctr", ["--address", socket] + arguments).run()
    }

    /// Takes an image from an archive, and gives its name.
    public func load(_ archive: String) async throws(TestbedError) -> String {
        let words = try await ctr(["image", "import", archive]).checked().text.split(separator: " ")
        guard words.count > 1 else { throw TestbedError("ctr image import \(archive): it names no image") }
        return String(words[1])
    }

    /// Starts a container on the node itself: `ctr run --rm --net-host`.
    ///
    /// - Parameters:
    ///   - options: what `ctr run` is told besides.
    ///   - command: the program and its arguments.
    public func runOnNode(
        _ id: String, of image: String, options: [String], _ command: [String], log: String
    ) async throws(TestbedError) -> ChildProcess {
        let words =
            ["--address", socket, "run", "--rm", "--net-host", "--cgroup", ""] + options + [image, id] + command
        return try await ChildProcess.start(inside("ctr", words), log: log)
    }

    /// The process id of a container's first process, as ctr knows it.
    public func processID(of id: String) async throws(TestbedError) -> String? {
        let lines = try await ctr(["task", "list"]).checked().text.split(separator: "\n").map {
            $0.split(separator: " ")
        }
        return lines.first { $0.first == id[...] }?.dropFirst().first.map(String.init)
    }

    /// Starts a container on the node's network: `ctr run --rm --cni`.
    ///
    /// It ends, and its network is taken away, when ctr sees the end of its command.
    public func run(_ id: String, _ command: [String], log: String) async throws(TestbedError) -> ChildProcess {
        let words = ["--address", socket, "run", "--rm", "--cni", "--cgroup", "", Self.image, id] + command
        return try await ChildProcess.start(inside("ctr", words), log: log)
    }

    /// Runs a command in a container.
    public func execute(_ command: [String], in id: String) async throws(TestbedError) -> CommandResult {
        let number = UInt32.random(in: 0...UInt32.max)
        return try await ctr(["task", "exec", "--exec-id", "exec-\(number)", id] + command)
    }
}
