import AWS
import StubServer
import Synchronization
import Testbed
import Testing

/// A kube-apiserver, an etcd and moto behind a proxy, and agents that carry duties between them.
struct CloudStage: Sendable {
    let kubernetes: KubernetesAPIServer
    let etcd: EtcdServer
    let moto: MotoServer
    let proxy: FaultProxy
    let folder: TemporaryDirectory
    /// What becomes of the next requests to AWS.
    let fate: Fates

    final class Fates: Sendable {
        typealias Rule = @Sendable (StubRequest, Int) -> FaultProxy.Fate
        private let rule = Mutex<Rule> { _, _ in .forwarded }

        func follow(_ new: @escaping Rule) { rule.withLock { $0 = new } }
        func of(_ request: StubRequest, _ number: Int) -> FaultProxy.Fate { rule.withLock { $0 }(request, number) }
    }

    /// Builds it all, runs `body`, and removes it.
    static func run(_ body: (CloudStage) async throws -> Void) async throws {
        let fabric = try await Fabric.build(nodes: 1)
        let folder = try TemporaryDirectory("cloud")
        let kubernetes = try await KubernetesAPIServer.prepare(on: fabric, folder: try folder.directory("kubernetes"))
        let result: Result<Void, any Error>
        do {
            try await kubernetes.start()
            try await EtcdServer.with { servers in
                let moto = try await MotoServer.start(log: folder.file("moto.log"))
                let fate = Fates()
                let port = UInt16(moto.url.split(separator: ":").last ?? "") ?? 0
                let proxy = try FaultProxy(port: port) { fate.of($0, $1) }
                let stage = CloudStage(
                    kubernetes: kubernetes, etcd: servers[0], moto: moto, proxy: proxy, folder: folder, fate: fate)
                do {
                    try await body(stage)
                    await moto.remove()
                } catch {
                    await moto.remove()
                    throw error
                }
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await kubernetes.remove()
        await fabric.remove()
        folder.remove()
        try result.get()
    }

    // MARK: - Agents

    /// An agent that carries the duty of a manifest, as that says, under the manifest's service account.
    func startAgent(
        _ name: String, manifest: String, account: String, port: Int, _ options: [String], _ keys: MotoServer.Keys
    ) async throws -> ChildProcess {
        let container = try #require(try Manifests.file(manifest).containers.first)
        let words = container.arguments.filter { !$0.hasPrefix("--metrics=") }
        let program = Program(
            Programs.built.agent,
            container.command.dropFirst() + words + [
                "--metrics", "\(port)", "--metrics-host", "127.0.0.1", "--hostname", name,
                "--etcd-endpoints", etcd.endpoint,
            ] + kubernetes.options(of: account, isHere: true) + options,
            environment: keys.environment.merging(["AWS_ENDPOINT_URL": proxy.url, "PATH": "/usr/bin:/bin"]) { $1 })
        return try await ChildProcess.start(program, log: folder.file("\(name).log"))
    }

    /// Who has a duty, by the beginning of its name; empty when nobody does.
    func holder(of duty: String) async throws -> String {
        try await etcd.control(
            "get", "--prefix", "/romana/election/\(duty)/", "--sort-by=CREATE", "--order=ASCEND", "--limit=1",
            "--print-value-only"
        ).filter { !$0.isNewline }
    }

    /// A page that an agent serves.
    func page(_ path: String, port: Int) async throws -> String {
        try await Program("curl", ["--silent", "--max-time", "5", "http://127.0.0.1:\(port)\(path)"]).text()
    }

    // MARK: - Nodes

    /// Makes a node whose machine is an instance.
    func makeNode(_ instance: CloudNetwork.Instance) async throws {
        let node = KubernetesObject(
            .node, instance.id,
            manifest: """
                {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "\(instance.id)"},
                 "spec": {"providerID": "aws:///\(instance.zone)/\(instance.id)"}}
                """)
        try await kubernetes.create(node)
        try await kubernetes.patch(
            node, KubernetesManifest.status(nodeAddresses: [instance.address]), part: "status")
    }

    /// Makes nodes, a few at a time.
    func makeNodes(_ instances: some Sequence<CloudNetwork.Instance> & Sendable) async throws {
        _ = try await Array(instances).concurrently(8) { try await makeNode($0) }
    }
}
