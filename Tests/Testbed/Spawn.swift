import Glibc
import LinuxSystem
import Synchronization

/// posix_spawn with three descriptors and nothing else inherited.
enum Spawn {
    /// Held while a pipe exists whose ends are not yet close-on-exec, and while a process starts.
    ///
    /// A process that inherits the writing end of another's pipe keeps its reader waiting for the end of its input.
    private static let starting = Mutex(())

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
        reset(&attributes)

        var pid: pid_t = 0
        let code = withCStrings(words) { arguments in
            // The path is searched with our own PATH; the program may well be given none.
            withCStrings(environment(of: program)) { environment in
                starting.withLock { _ in
                    keepDescriptors()
                    return posix_spawnp(&pid, words[0], &actions, &attributes, arguments, environment)
                }
            }
        }
        guard code == 0 else { throw TestbedError("start \(program.executable): \(Errno(rawValue: code))") }
        return pid
    }

    /// Has nobody inherit a descriptor that is open now, standard input, output and error apart.
    ///
    /// SwiftNIO's sockets are not close-on-exec: one that listens here would go on answering in whoever inherits it.
    private static func keepDescriptors() {
        for name in (try? FileSystem.listDirectory("/proc/self/fd")) ?? [] {
            if let number = Int32(name), number > 2 { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
        }
    }

    /// Starts `program` with a new pipe as standard input.
    /// - Returns: the process id and the pipe's writing end.
    static func startOnPipe(_ program: Program, output: Int32, error: Int32) throws(TestbedError) -> Started {
        let (reading, writing) = try pipe()
        let input = FileDescriptor(owning: reading)
        let pipe = FileDescriptor(owning: writing)
        return Started(pid: try start(program, input: input.rawValue, output: output, error: error), pipe: pipe)
    }

    /// A process, and the pipe that is its standard input.
    struct Started: ~Copyable {
        let pid: pid_t
        let pipe: FileDescriptor

        /// Writes `bytes` into the pipe, then closes it.
        consuming func closePipe(after bytes: [UInt8]) throws(SystemError) {
            try pipe.writeAll(bytes)
        }
    }

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

    private static func pipe() throws(TestbedError) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        let code = starting.withLock { _ in
            guard Glibc.pipe(&ends) == 0 else { return errno }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return 0
        }
        guard code == 0 else { throw TestbedError("make a pipe: \(Errno(rawValue: code))") }
        return (ends[0], ends[1])
    }

    private static func reset(_ attributes: inout posix_spawnattr_t) {
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        // A process group of its own: an interrupt typed at the terminal reaches us, and we end what we started.
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }

    private static func environment(of program: Program) -> [String] {
        if let environment = program.environment {
            return environment.map { "\($0.key)=\($0.value)" }.sorted()
        }
        return ProcessEnvironment.all().map { "\($0.name)=\($0.value)" }
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}
