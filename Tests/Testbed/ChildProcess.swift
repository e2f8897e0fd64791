import Glibc
import LinuxSystem
import Synchronization

/// A process that runs beside the test, such as etcd, a daemon or an agent.
///
/// It dies with the test, however that ends.
public final class ChildProcess: Sendable {
    /// What was started.
    public let program: Program
    /// The file that holds its standard output and error.
    public let log: String
    /// Its process id; it stays reserved until the end was noticed here.
    public let pid: Int32

    private struct State {
        /// It has ended; its id may be somebody else's at any moment.
        var isEnding = false
        var status: ExitStatus?
        var waiters: [CheckedContinuation<ExitStatus, Never>] = []
    }
    private let state = Mutex(State())

    private init(program: Program, log: String, pid: Int32) {
        self.program = program
        self.log = log
        self.pid = pid
    }

    /// Starts `program`; what it says is appended to the file `log`, which is created when missing.
    public static func start(_ program: Program, log: String) async throws(TestbedError) -> ChildProcess {
        try await StarterThread.value { answer in
            let started = Result { () throws(TestbedError) in try spawn(program, log: log) }
            answer(started)
            guard case .success(let process) = started else { return }
            let status = Spawn.wait(for: process.pid) { process.state.withLock { $0.isEnding = true } }
            process.ended(status)
        }
    }

    private static func spawn(_ program: Program, log: String) throws(TestbedError) -> ChildProcess {
        let output = try TestbedError.converting { () throws(SystemError) in
            try FileDescriptor.open(log, [.writeOnly, .create, .append], mode: 0o644)
        }
        let input = try TestbedError.converting { () throws(SystemError) in try FileDescriptor.open("/dev/null") }
        let pid = try Spawn.start(
            program.diesWithItsStarter, input: input.rawValue, output: output.rawValue, error: output.rawValue)
        return ChildProcess(program: program, log: log, pid: pid)
    }

    private func ended(_ status: ExitStatus) {
        let waiters = state.withLock { state in
            state.status = status
            defer { state.waiters = [] }
            return state.waiters
        }
        waiters.forEach { $0.resume(returning: status) }
    }

    /// How it ended; nil while it runs.
    public var status: ExitStatus? { state.withLock { $0.status } }

    /// Sends a signal; nothing happens when the process has ended.
    public func send(_ signal: Int32) {
        state.withLock { state in
            if !state.isEnding { kill(pid, signal) }
        }
    }

    /// Waits until the process ends.
    @discardableResult
    public func wait() async -> ExitStatus {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state in
                if state.status == nil { state.waiters.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// Ends it at once, as `kill -9` does, and waits for that.
    @discardableResult
    public func crash() async -> ExitStatus {
        send(SIGKILL)
        return await wait()
    }

    /// Asks it to end with SIGTERM; after `grace` it is killed.
    /// - Returns: how it ended; `.signaled(SIGKILL)` when it did not listen.
    @discardableResult
    public func stop(grace: Duration = .seconds(10)) async -> ExitStatus {
        send(SIGTERM)
        let impatience = Task {
            try await Task.sleep(for: grace)
            send(SIGKILL)
        }
        defer { impatience.cancel() }
        return await wait()
    }

    /// The last lines of what it said so far.
    public func said(lines: Int = 100) -> String {
        TextFile.lastLines(lines, of: log)
    }
}
