import CNIProtocol
import Synchronization
public import Testbed
import YAML

/// A Kubernetes cluster on one machine, without a pod network until somebody applies one: etcd, kube-apiserver, machines
/// with containerd and a driver each, and what takes the place of scheduler and controllers.
public final class KubernetesCluster: Sendable {
    /// The network between the machines.
    public let fabric: Fabric
    /// Everything that is written.
    public let directory: TemporaryDirectory
    /// The API server.
    public let kubernetes: KubernetesAPIServer
    /// Where our own programs are.
    public let programs: Programs
    private let running = Mutex(Running())

    private struct Running {
        var etcd: ChildProcess?
        var machines: [Machine] = []
        var runtimes: [ContainerRuntime] = []
        var drivers: [KubeletDriver] = []
        var kubelets: [ChildProcess] = []
        var controllers: Task<Void, Never>?
        var layout = Layout()
    }

    /// What it consists of.
    public struct Layout: Sendable {
        /// How many machines.
        public var nodes = 3
        /// How drivers behave.
        public var manners = KubeletManners()
        /// A real kubelet that takes the drivers' place.
        public var kubelet: String?
        /// Archives of images that every machine has, besides busybox.
        public var images: [String] = []
        /// Where our own programs are; nil takes those built together with this one.
        public var programs: Programs?
        /// Programs of other releases, by the tags of their images.
        public var releases: [String: Programs] = [:]

        /// Three machines with drivers.
        public init() {}
    }

    private init(
        fabric: Fabric, directory: TemporaryDirectory, kubernetes: KubernetesAPIServer, programs: Programs
    ) {
        self.fabric = fabric
        self.directory = directory
        self.kubernetes = kubernetes
        self.programs = programs
    }

    /// Starts a cluster, runs `body` with it, and takes it away whatever happens.
    ///
    /// When `body` throws, the last words of every process are added to the error.
    public static func run<Value: Sendable>(
        _ layout: Layout = Layout(), _ body: (KubernetesCluster) async throws -> Value
    ) async throws -> Value {
        let cluster = try await start(layout)
        do {
            let value = try await body(cluster)
            await cluster.remove()
            return value
        } catch {
            let words = await cluster.lastWords()
            await cluster.remove()
            throw TestbedError("\(error)\n\(words)")
        }
    }

    /// Starts a cluster.
    public static func start(_ layout: Layout = Layout()) async throws -> KubernetesCluster {
        let fabric = try await Fabric.build(nodes: layout.nodes)
        let directory = try TemporaryDirectory("cluster")
        let kubernetes = try await KubernetesAPIServer.prepare(
            on: fabric, folder: try directory.directory("kubernetes"))
        let cluster = KubernetesCluster(
            fabric: fabric, directory: directory, kubernetes: kubernetes, programs: layout.programs ?? .built)
        do {
            try await cluster.bringUp(layout)
        } catch {
            let words = await cluster.lastWords()
            await cluster.remove()
            throw TestbedError("\(error)\n\(words)")
        }
        return cluster
    }

    private func bringUp(_ layout: Layout) async throws {
        try TextFile.write(kubernetes.adminKubeconfig, to: kubeconfig, mode: 0o600)
        let image = directory.file("busybox.tar")
        try await Program("\(Scripts.directory)/busybox-image.sh", [image]).text()
        if layout.kubelet != nil {
            let words = [directory.file("pause.tar"), ContainerRuntime.pause, #"["sleep", "100000d"]"#]
            try await Program("\(Scripts.directory)/busybox-image.sh", words).text()
        }
        try await startEtcd()
        try await kubernetes.start()
        running.withLock { $0.layout = layout }
        for number in 1...layout.nodes { try await startMachine(number, isNew: true) }
        let controllers = Task { [kubernetes] in
            async let scheduler: Void = Scheduler(kubernetes).run()
            async let sets: Void = DaemonSetController(kubernetes).run()
            _ = await (scheduler, sets)
        }
        running.withLock { $0.controllers = controllers }
    }

    private func startMachine(_ number: Int, isNew: Bool) async throws {
        let layout = running.withLock { $0.layout }
        let folder = try directory.directory("node\(number)")
        let machine = try await Machine.start(
            number, on: fabric.nodes[number - 1], directory: folder, isNew: isNew)
        running.withLock { $0.machines.append(machine) }
        let runtime = try await ContainerRuntime.start(
            on: machine,
            images: [directory.file("busybox.tar")] + (layout.kubelet == nil ? [] : [directory.file("pause.tar")])
                + layout.images,
            servesKubelet: layout.kubelet != nil)
        running.withLock { $0.runtimes.append(runtime) }
        if let kubelet = layout.kubelet {
            let process = try await RealKubelet(program: kubelet, kubeconfig: kubeconfig).start(on: machine, runtime)
            running.withLock { $0.kubelets.append(process) }
        } else {
            let driver = KubeletDriver(
                on: machine, runtime: runtime, kubernetes: kubernetes, programs: programs, releases: layout.releases,
                manners: layout.manners)
            driver.start()
            running.withLock { $0.drivers.append(driver) }
        }
    }

    /// Switches a machine off and on again: nobody says goodbye, and only its disk remembers anything.
    public func restart(_ number: Int) async throws {
        let index = number - 1
        let (driver, runtime, machine) = running.withLock { running in
            (running.drivers.remove(at: index), running.runtimes.remove(at: index), running.machines.remove(at: index))
        }
        await driver.stop()
        await runtime.stop()
        try await machine.forgetNetwork()
        await machine.stop()
        try await startMachine(number, isNew: false)
        // They are kept in the order of their numbers.
        running.withLock { running in
            running.machines.sort { $0.number < $1.number }
            running.drivers.sort { $0.machine.number < $1.machine.number }
            running.runtimes.sort { $0.machine.number < $1.machine.number }
        }
    }

    // MARK: - Parts

    /// Its machines; the first is node1.
    public var machines: [Machine] { running.withLock { $0.machines } }

    /// Whether real kubelets run the pods.
    var hasKubelets: Bool { running.withLock { $0.layout.kubelet != nil } }

    /// containerd of each machine.
    var runtimes: [ContainerRuntime] { running.withLock { $0.runtimes } }

    /// The drivers, one for each machine.
    public var drivers: [KubeletDriver] { running.withLock { $0.drivers } }

    /// What kubectl is told to reach it as its administrator, from the fabric or a machine.
    public var kubeconfig: String { directory.file("admin.kubeconfig") }

    /// Where etcd serves the pod network.
    public var etcdEndpoint: String { "http://\(Fabric.address4):2379" }

    private func startEtcd() async throws {
        let peers = "http://127.0.0.1:2380"
        let program = Program(
            "etcd",
            [
                "--name", "etcd", "--data-dir", directory.file("etcd"),
                "--listen-client-urls", etcdEndpoint, "--advertise-client-urls", etcdEndpoint,
                "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers,
                "--initial-cluster", "etcd=\(peers)",
                // Nothing here outlives the cluster.
                "--unsafe-no-fsync", "--logger", "zap", "--log-level", "warn",
            ],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], namespace: fabric.namespace.path)
        let process = try await ChildProcess.start(program, log: directory.file("etcd.log"))
        running.withLock { $0.etcd = process }
    }

    private var etcdControl: EtcdControl {
        EtcdControl(endpoint: etcdEndpoint, namespace: fabric.namespace.path)
    }

    /// Runs etcdctl on the etcd of the pod network.
    public func etcdctl(_ arguments: [String]) async throws(TestbedError) -> CommandResult {
        try await etcdControl.run(arguments)
    }

    /// All keys and values below a prefix in it.
    public func keys(below prefix: String) async throws(TestbedError) -> [String: String] {
        try await etcdControl.keys(below: prefix)
    }

    /// Ends everything and removes namespaces and files.
    public func remove() async {
        let running = running.withLock { $0 }
        running.controllers?.cancel()
        await running.controllers?.value
        for driver in running.drivers { await driver.stop() }
        for kubelet in running.kubelets { await kubelet.crash() }
        for runtime in running.runtimes { await runtime.stop() }
        for machine in running.machines { await machine.stop() }
        await running.etcd?.crash()
        await kubernetes.remove()
        await fabric.remove()
        directory.remove()
    }

    /// The last lines that every process said, and the pods as the API has them.
    public func lastWords() async -> String {
        let pods = (try? await kubernetes.object("/api/v1/pods"))?["items"]?.arrayValue ?? []
        var words = pods.map { "--- pod \(PodObject($0).name): \($0["status"]?.text ?? "")" }
        words += drivers.map { "--- calls on \($0.machine.name): \($0.calls)" }
        let pattern =
            "for f in \(directory.path)/etcd.log \(directory.path)/node*/pods/*/*.log; do echo \"--- $f\"; tail -n 25 $f; done"
        words.append((try? await Program("sh", ["-c", pattern]).run())?.text ?? "")
        return words.joined(separator: "\n")
    }
}
