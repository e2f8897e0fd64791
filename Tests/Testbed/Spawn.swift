import Glibc
import Synchronization

/// posix_spawn with three descriptors and nothing else inherited but what was opened without FD_CLOEXEC.
enum Spawn {
    /// Starts `program` with these descriptors as standard input, output and error; signals are at their defaults.
    /// - Returns: the process id.
    static func start(_ program: Program, input: Int32, output: Int32, error: Int32) throws(TestbedError) -> pid_t {
        var words = [program.executable] + program.arguments
        if let namespace = program.namespace {
            words = ["nsenter", "--net=\(namespace)", "--"] + words
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in [input, output, error].enumerated() {
            posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // A process group of its own: an interrupt typed at the terminal reaches us, and we end what we started.
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var pid: pid_t = 0
        let code = withCStrings(words) { arguments in
            // The path is searched with our own PATH; the program may well be given none.
            withCStrings(environment(of: program)) { environment in
                pipes.withLock { _ in
                    posix_spawnp(&pid, words[0], &actions, &attributes, arguments, environment)
                }
            }
        }
        guard code == 0 else {
            throw TestbedError("start \(program.executable): \(String(cString: strerror(code)).lowercased())")
        }
        return pid
    }

    /// Starts `program` with a new pipe as standard input.
    /// - Returns: the process id and the pipe's other end, which the caller closes.
    static func startOnPipe(
        _ program: Program, output: Int32, error: Int32
    ) throws(TestbedError) -> (pid: pid_t, pipe: Int32) {
        // Until both ends are marked close-on-exec no other process may start: it would inherit the writing end, and
        // the reader would never see the end of its input.
        let pipe = try pipes.withLock { _ throws(TestbedError) in
            var ends: [Int32] = [-1, -1]
            guard Glibc.pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
                throw TestbedError("make a pipe: \(String(cString: strerror(errno)).lowercased())")
            }
            return (reading: ends[0], writing: ends[1])
        }
        defer { close(pipe.reading) }
        do {
            return (try start(program, input: pipe.reading, output: output, error: error), pipe.writing)
        } catch {
            close(pipe.writing)
            throw error
        }
    }

    private static let pipes = Mutex(())

    /// Waits until the process ends, then runs `beforeReaping`, then takes the status; only then is the id free again.
    static func wait(for pid: pid_t, beforeReaping: () -> Void = {}) -> ExitStatus {
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        beforeReaping()
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            guard errno == EINTR else { return .signaled(SIGKILL) }
        }
        return ExitStatus(waitStatus: status)
    }

    private static func environment(of program: Program) -> [String] {
        if let environment = program.environment {
            return environment.map { "\($0.key)=\($0.value)" }.sorted()
        }
        var inherited: [String] = []
        var entry = environ
        while let text = entry.pointee {
            inherited.append(String(cString: text))
            entry += 1
        }
        return inherited
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}
