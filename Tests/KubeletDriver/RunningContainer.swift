import FoundationEssentials
import Testbed

/// A container that was started: by containerd, or as a process of the machine where it is one of our programs.
struct RunningContainer: Sendable {
    let plan: ContainerPlan
    let process: ChildProcess
    /// Its name at containerd; nil where it is a process.
    let id: String?
    /// How often it was started before.
    let restarts: Int
    let started = Date.now.formatted(.iso8601)

    /// Sends a signal.
    func signal(_ name: String, _ number: Int32, by runtime: ContainerRuntime) async {
        if let id { await runtime.signal(name, id) } else { process.send(number) }
    }

    /// Starts a container.
    ///
    /// - Parameters:
    ///   - folder: for what it changes and says.
    ///   - network: the pod's network namespace; nil is the machine's.
    static func start(
        _ plan: ContainerPlan, restarts: Int, in pod: PodObject, network: String?, folder: String,
        on machine: Machine, runtime: ContainerRuntime, programs: Programs
    ) async throws -> RunningContainer {
        let log = "\(folder)/\(plan.name).log"
        // Also different from that before the machine was restarted.
        let number = "\(restarts)-\(UInt32.random(in: 0...UInt32.max))"
        try await Program("mkdir", ["-p", folder]).text()
        let images = try await runtime.images()
        let last = String(plan.image.split(separator: "/").last?.prefix { $0 != ":" && $0 != "@" } ?? "")
        let alias = images.contains(plan.image) ? plan.image : last == "busybox" ? ContainerRuntime.image : nil
        if let alias {
            var plan = plan
            plan.image = alias
            let id = "\(pod.uid.prefix(13))-\(plan.name)-\(number)"
            let process = try await runtime.run(
                plan, id: id, network: network ?? "/proc/\(machine.pid)/ns/net", log: log)
            return RunningContainer(plan: plan, process: process, id: id, restarts: restarts)
        }
        guard plan.image.contains("romana/"), network == nil else {
            throw TestbedError("ErrImageNeverPull: there is no image \(plan.image) on \(machine.name)")
        }
        let program = OwnProgram(plan: plan, image: last, programs: programs).program(
            on: machine, folder: "\(folder)/\(plan.name)-\(number)")
        let process = try await ChildProcess.start(program, log: log)
        return RunningContainer(plan: plan, process: process, id: nil, restarts: restarts)
    }
}

/// One of our programs as a container would have it, without an image: its mounts, its rights, its place.
private struct OwnProgram {
    let plan: ContainerPlan
    let image: String
    let programs: Programs

    func program(on machine: Machine, folder: String) -> Program {
        let files = [
            "romana-agent": programs.agent, "romana-daemon": programs.daemon, "romana": programs.romana,
            "romana-cni": programs.cni,
        ]
        var words = plan.command
        // What the image starts when the pod does not say it.
        if words.first?.split(separator: "/").last.map({ files[String($0)] == nil }) ?? true {
            words.insert("romana-\(image)", at: 0)
        }
        let path = words[0]
        let place =
            path.hasPrefix("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "/usr/local/bin"
        if !path.hasPrefix("/") { words[0] = "\(place)/\(path)" }
        var mounts = files.sorted { $0.key < $1.key }.map { "\($0.value)=\(place)/\($0.key)=ro" }
        mounts += plan.mounts.map { "\($0.source)=\($0.target)=\($0.mode)" }
        var program = machine.program(
            "unshare",
            ["--mount", "\(Scripts.directory)/container.sh", folder, plan.isReadOnly ? "ro" : "rw", plan.capabilities]
                + mounts + ["--"] + words)
        program.environment = plan.environment
        program.environment?["PATH"] = Machine.environment["PATH"]
        return program
    }
}
