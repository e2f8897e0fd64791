/// A program to start: what, with which words and environment, and where.
public struct Program: Sendable, Hashable {
    /// Path of the executable, or a bare name to be found in `PATH`.
    public var executable: String
    /// The words after the program's name.
    public var arguments: [String]
    /// Its whole environment; nil hands down that of this process.
    public var environment: [String: String]?
    /// The network namespace it starts in, as a path that stands for one; nil is that of this process.
    public var namespace: String?

    /// A program by its executable, arguments, environment and namespace.
    public init(
        _ executable: String,
        _ arguments: [String] = [],
        environment: [String: String]? = nil,
        namespace: String? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.namespace = namespace
    }

    /// The same program, ended by the kernel as soon as the thread that started it ends.
    ///
    /// As `setpriv --pdeathsig KILL PROGRAM`; see PR_SET_PDEATHSIG in prctl(2).
    var diesWithItsStarter: Program {
        var program = self
        program.executable = "setpriv"
        program.arguments = ["--pdeathsig", "KILL", "--", executable] + arguments
        return program
    }

    /// The words as a person would type them, for messages.
    public var commandLine: String {
        ([executable] + arguments).joined(separator: " ")
    }
}
