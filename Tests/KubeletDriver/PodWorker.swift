import CNIProtocol
import Glibc
import Synchronization
import Testbed

/// One pod on its node, from its sandbox to the last DEL.
final class PodWorker: Sendable {
    let pod: PodObject
    private let driver: KubeletDriver

    private struct State {
        var isLeaving = false
        /// The object as it was when its end was asked for; nil while nobody did.
        var end: PodObject?
        var sandbox: Sandbox?
        var addresses: [String] = []
        var containers: [String: RunningContainer] = [:]
    }
    private let state = Mutex(State())

    init(_ pod: PodObject, of driver: KubeletDriver) {
        self.pod = pod
        self.driver = driver
    }

    var sandbox: Sandbox? { state.withLock { $0.sandbox } }
    var addresses: [String] { state.withLock { $0.addresses } }
    var containers: [String: RunningContainer] { state.withLock { $0.containers } }
    /// At containerd, of its first container.
    var containerID: String? { containers.values.compactMap(\.id).sorted().first }

    func process(of container: String?) -> ChildProcess? {
        let containers = containers
        return container.map { containers[$0]?.process } ?? containers.sorted { $0.key < $1.key }.first?.value.process
    }

    /// Has the pod end; nil when its object has vanished.
    func leave(_ pod: PodObject? = nil) {
        state.withLock { state in
            state.isLeaving = true
            if let pod { state.end = pod }
        }
    }

    private var isLeaving: Bool { state.withLock { $0.isLeaving } || Task.isCancelled }

    /// Ends its containers at once.
    func kill() async {
        for container in containers.values {
            await container.signal("KILL", SIGKILL, by: driver.runtime)
            if container.id != nil { await container.process.wait() }
        }
    }

    func run() async {
        if pod.isOnNetworkOfNode {
            state.withLock { $0.addresses = driver.machine.addresses }
        } else {
            await attach()
        }
        if !isLeaving { await runContainers() }
        if Task.isCancelled { return }
        await endContainers()
        await detach()
        // One that has ended by itself stays in the API until somebody deletes it.
        while !isLeaving { try? await Task.sleep(for: .milliseconds(100)) }
        if !Task.isCancelled { await driver.forget(pod) }
    }

    /// Sleeps, unless the pod has to end.
    private func rest(_ duration: Duration) async {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end, !isLeaving { try? await Task.sleep(for: .milliseconds(50)) }
    }

    // MARK: - Network

    private func attach() async {
        while !isLeaving {
            guard driver.plugins.network() != nil else {
                await driver.report(pod, .waiting("NetworkNotReady"))
                await rest(.milliseconds(300))
                continue
            }
            let sandbox = Sandbox(for: pod)
            do {
                try await driver.machine.program("ip", ["netns", "add", sandbox.name]).text()
                let result = try await driver.plugins.add(sandbox)
                driver.count { $0.adds += 1 }
                let addresses = (result["ips"]?.arrayValue ?? []).compactMap { $0["address"]?.stringValue }
                    .map { String($0.prefix { $0 != "/" }) }
                state.withLock { state in
                    state.sandbox = sandbox
                    state.addresses = addresses
                }
                return
            } catch {
                driver.count { $0.failures.append("\(error)") }
                await driver.report(pod, .waiting("FailedCreatePodSandBox: \(error)"))
                await driver.delete(sandbox, hasNamespace: true)
                _ = try? await driver.machine.program("ip", ["netns", "delete", sandbox.name]).run()
                driver.deleteLate(sandbox)
                await rest(driver.manners.retry)
            }
        }
    }

    private func detach() async {
        guard let sandbox else { return }
        while !Task.isCancelled, await !driver.delete(sandbox, hasNamespace: true) {
            try? await Task.sleep(for: .seconds(1))
        }
        _ = try? await driver.machine.program("ip", ["netns", "delete", sandbox.name]).run()
        state.withLock { state in
            state.sandbox = nil
            state.addresses = []
        }
        driver.deleteLate(sandbox)
    }

    // MARK: - Containers

    private func start(_ container: JSONValue, restarts: Int) async throws {
        let planner = ContainerPlanner(machine: driver.machine, kubernetes: driver.kubernetes, pod: pod)
        let plan = try await planner.plan(container)
        let running = try await RunningContainer.start(
            plan, restarts: restarts, in: pod, network: sandbox?.path,
            folder: "\(driver.machine.directory)/pods/\(pod.uid)", on: driver.machine, runtime: driver.runtime,
            programs: driver.releases[plan.tag] ?? driver.programs)
        state.withLock { $0.containers[plan.name] = running }
    }

    private func runContainers() async {
        for container in pod.initContainers {
            var restarts = 0
            while !isLeaving {
                if await begin(container, restarts: restarts) {
                    let name = container["name"]?.stringValue ?? ""
                    while !isLeaving, containers[name]?.process.status == nil { await rest(.milliseconds(50)) }
                    if containers[name]?.process.status?.isSuccess == true { break }
                }
                restarts += 1
                await rest(.seconds(1))
            }
        }
        var restarts: [String: Int] = [:]
        while !isLeaving {
            for container in pod.containers {
                let name = container["name"]?.stringValue ?? ""
                let status = containers[name].map(\.process.status)
                // Never started, or ended and to be started again.
                let isDue = status.map { $0.map { pod.restarts(after: $0) } ?? false } ?? true
                guard isDue else { continue }
                let count = restarts[name, default: -1] + 1
                if count > 0 { await rest(.seconds(min(count, 10))) }
                if isLeaving { return }
                restarts[name] = count
                await begin(container, restarts: count)
            }
            let statuses = pod.containers.map { containers[$0["name"]?.stringValue ?? ""]?.process.status }
            let haveEnded = statuses.allSatisfy { $0.map { !pod.restarts(after: $0) } ?? false }
            if haveEnded {
                await driver.report(
                    pod, .ended(isSuccess: statuses.allSatisfy { $0?.isSuccess ?? false }, containers))
                return
            }
            let isReady = await driver.report(pod, .running(addresses, containers))
            await rest(
                isReady && containers.values.contains { $0.plan.readiness != nil } ? .seconds(2) : .milliseconds(250))
        }
    }

    /// Starts a container.
    /// - Returns: whether that went well; what was wrong is reported.
    @discardableResult
    private func begin(_ container: JSONValue, restarts: Int) async -> Bool {
        do {
            try await start(container, restarts: restarts)
            return true
        } catch {
            await driver.report(pod, .waiting("\(error)"))
            await rest(.milliseconds(500))
            return false
        }
    }

    private func endContainers() async {
        let running = containers.values.filter { $0.process.status == nil }
        guard !running.isEmpty else { return }
        for container in running { await container.signal("TERM", SIGTERM, by: driver.runtime) }
        let allowed = Duration.seconds(state.withLock { $0.end }?.grace ?? 0)
        let end = ContinuousClock.now + min(allowed, driver.manners.grace)
        while ContinuousClock.now < end, running.contains(where: { $0.process.status == nil }) {
            try? await Task.sleep(for: .milliseconds(20))
        }
        for container in running where container.process.status == nil {
            await container.signal("KILL", SIGKILL, by: driver.runtime)
            await container.process.wait()
        }
    }
}

extension PodObject {
    /// Whether a container that has ended so is started again.
    fileprivate func restarts(after status: ExitStatus) -> Bool {
        switch restartPolicy {
        case "Never": false
        case "OnFailure": !status.isSuccess
        default: true
        }
    }
}

extension Sandbox {
    /// The name of its network namespace.
    fileprivate var name: String { String(path.split(separator: "/").last ?? "") }
}
