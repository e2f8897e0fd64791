import Glibc
import Synchronization

/// A process that runs beside the test: etcd, a daemon, an agent. It dies with the test, however that ends.
public final class ChildProcess: Sendable {
    /// What was started.
    public let program: Program
    /// The file that holds its standard output and error.
    public let log: String
    /// Its process id; it stays reserved until the end was noticed here.
    public let pid: Int32

    private struct State {
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
        let started: Result<ChildProcess, TestbedError> = await withCheckedContinuation { continuation in
            do throws(TestbedError) {
                try StarterThread.run {
                    let started = Result { () throws(TestbedError) in try spawn(program, log: log) }
                    continuation.resume(returning: started)
                    guard case .success(let process) = started else { return }
                    process.ended(Spawn.wait(for: process.pid))
                }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try started.get()
    }

    private static func spawn(_ program: Program, log: String) throws(TestbedError) -> ChildProcess {
        let output = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer {
            close(output)
            close(input)
        }
        guard output >= 0, input >= 0 else {
            throw TestbedError("open \(log): \(String(cString: strerror(errno)).lowercased())")
        }
        let pid = try Spawn.start(program.diesWithItsStarter, input: input, output: output, error: output)
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
            if state.status == nil { kill(pid, signal) }
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

    /// What it said so far, at most the last `limit` bytes.
    public func said(last limit: Int = 64 << 10) -> String {
        TextFile.tail(of: log, bytes: limit)
    }
}
