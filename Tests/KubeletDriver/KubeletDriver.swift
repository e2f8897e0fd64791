import CNIProtocol
import Synchronization
public import Testbed

/// What a kubelet does as far as a pod network sees it: it runs the pods that are bound to its node, calls the plugins,
/// and tells the API how its pods and its node fare.
///
/// It posts DELs as real kubelets with containerd do: one with the network namespace when the pod ends, two without it a
/// minute later, one at once for every ADD that failed, and some for sandboxes that it never made.
public final class KubeletDriver: Sendable {
    /// Where it runs.
    public let machine: Machine
    /// What runs its containers.
    public let runtime: ContainerRuntime
    let kubernetes: KubernetesAPIServer
    let programs: Programs
    let releases: [String: Programs]
    let manners: KubeletManners
    let plugins: NetworkPlugins

    private struct State {
        var workers: [String: PodWorker] = [:]
        var task: Task<Void, Never>?
        var calls = CallCount()
        /// What the API was last told of each pod.
        var reports: [String: String] = [:]
    }
    private let state = Mutex(State())
    private let jobs = AsyncStream<@Sendable () async -> Void>.makeStream()

    /// How often plugins were called, and what they said when they failed.
    public struct CallCount: Sendable, Hashable {
        /// ADDs that succeeded.
        public var adds = 0
        /// DELs with a network namespace that succeeded.
        public var deletes = 0
        /// DELs without one that succeeded.
        public var lateDeletes = 0
        /// What was said by those that failed.
        public var failures: [String] = []
    }

    /// A driver for a machine; nothing happens yet.
    ///
    /// - Parameters:
    ///   - programs: what containers of ours run that no image is there for.
    ///   - releases: the same for images with certain tags.
    public init(
        on machine: Machine, runtime: ContainerRuntime, kubernetes: KubernetesAPIServer, programs: Programs,
        releases: [String: Programs] = [:], manners: KubeletManners = KubeletManners()
    ) {
        self.machine = machine
        self.runtime = runtime
        self.kubernetes = kubernetes
        self.programs = programs
        self.releases = releases
        self.manners = manners
        plugins = NetworkPlugins(machine: machine)
    }

    /// Registers the node and begins to work.
    public func start() {
        let task = Task {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.reportNode() }
                group.addTask {
                    let selector = "spec.nodeName=\(self.machine.name)"
                    await self.kubernetes.follow("/api/v1/pods", selector: selector) { self.take($0) }
                }
                for await job in jobs.stream { group.addTask { await job() } }
                group.cancelAll()
            }
        }
        state.withLock { $0.task = task }
    }

    /// Ends it with all containers; plugins are not called, as when a machine is switched off.
    public func stop() async {
        jobs.continuation.finish()
        let (task, workers) = state.withLock { ($0.task, Array($0.workers.values)) }
        task?.cancel()
        for worker in workers { await worker.kill() }
        await task?.value
        for worker in workers { await worker.kill() }
    }

    // MARK: - Pods

    private func take(_ event: ObjectEvent) {
        switch event {
        case .all(let items):
            let pods = items.map { PodObject($0) }
            let present = Set(pods.map(\.uid))
            pods.forEach { take($0) }
            for (uid, worker) in state.withLock({ $0.workers }) where !present.contains(uid) { worker.leave() }
        case .changed(let object): take(PodObject(object))
        case .gone(let object): state.withLock { $0.workers[PodObject(object).uid] }?.leave(PodObject(object))
        }
    }

    private func take(_ pod: PodObject) {
        if let worker = state.withLock({ $0.workers[pod.uid] }) {
            if pod.isLeaving { worker.leave(pod) }
            return
        }
        let worker = PodWorker(pod, of: self)
        if pod.isLeaving || pod.hasEnded { worker.leave(pod) }
        // A pod that had ended before this was started has nothing here.
        if pod.hasEnded && !pod.isLeaving { return }
        state.withLock { $0.workers[pod.uid] = worker }
        jobs.continuation.yield {
            await worker.run()
            if Task.isCancelled { return }
            self.state.withLock { state in
                state.workers[pod.uid] = nil
                state.reports[pod.uid] = nil
            }
        }
    }

    /// What runs as one of a pod's containers; nil when nothing does.
    public func process(of pod: String, in namespace: String, container: String? = nil) -> ChildProcess? {
        worker(of: pod, in: namespace)?.process(of: container)
    }

    /// The sandbox of a pod; nil when it has none.
    public func sandbox(of pod: String, in namespace: String) -> Sandbox? {
        worker(of: pod, in: namespace)?.sandbox
    }

    /// Runs a command in the first container of a pod.
    public func execute(_ command: [String], in pod: String, _ namespace: String) async throws -> CommandResult {
        guard let id = worker(of: pod, in: namespace)?.containerID else {
            throw TestbedError("\(namespace)/\(pod) has no container on \(machine.name)")
        }
        return try await runtime.execute(command, in: id)
    }

    private func worker(of pod: String, in namespace: String) -> PodWorker? {
        state.withLock { $0.workers.values.first { $0.pod.name == pod && $0.pod.namespace == namespace } }
    }

    func isNews(_ report: String, of pod: String) -> Bool { state.withLock { $0.reports[pod] != report } }

    func remember(_ report: String, of pod: String) { state.withLock { $0.reports[pod] = report } }

    // MARK: - Calls of plugins

    /// How often plugins were called.
    public var calls: CallCount { state.withLock { $0.calls } }

    func count(_ change: @Sendable (inout CallCount) -> Void) {
        state.withLock { change(&$0.calls) }
    }

    /// Has a sandbox that is gone deleted twice more, as by the collection of what was left.
    func deleteLate(_ sandbox: Sandbox) {
        jobs.continuation.yield {
            for _ in 0..<2 {
                try? await Task.sleep(for: self.manners.lateDeletes / 2)
                if Task.isCancelled { return }
                await self.delete(sandbox, hasNamespace: false)
            }
        }
    }

    /// Has a sandbox deleted that nobody here has made, until the plugin says that it is gone.
    func deleteStray() {
        jobs.continuation.yield {
            while !Task.isCancelled, await !self.delete(.stray(), hasNamespace: false) {
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// DEL.
    /// - Returns: whether it succeeded.
    @discardableResult
    func delete(_ sandbox: Sandbox, result: JSONValue? = nil, hasNamespace: Bool) async -> Bool {
        do {
            try await plugins.delete(sandbox, result: result, hasNamespace: hasNamespace)
            count { if hasNamespace { $0.deletes += 1 } else { $0.lateDeletes += 1 } }
            return true
        } catch {
            count { $0.failures.append("\(error)") }
            return false
        }
    }
}
