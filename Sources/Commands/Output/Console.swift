public import LinuxSystem

/// The world around a command: where it prints, what it reads, how wide the terminal is.
public struct Console: Sendable {
    /// Writes bytes of standard output.
    let write: @Sendable (String) -> Void
    /// Writes bytes of standard error.
    let writeError: @Sendable (String) -> Void
    /// Reads all of standard input.
    let input: @Sendable () throws(SystemError) -> [UInt8]
    /// A variable of the environment.
    let variable: @Sendable (String) -> String?
    /// Columns of the terminal, nil when the output is not one: then nothing is cut.
    let width: Int?
    /// Whether colours are wanted.
    let usesColour: Bool

    /// A world made of parts, for processes and for tests.
    public init(
        write: @escaping @Sendable (String) -> Void, writeError: @escaping @Sendable (String) -> Void,
        input: @escaping @Sendable () throws(SystemError) -> [UInt8], variable: @escaping @Sendable (String) -> String?,
        width: Int? = nil, usesColour: Bool = false
    ) {
        self.write = write
        self.writeError = writeError
        self.input = input
        self.variable = variable
        self.width = width
        self.usesColour = usesColour
    }

    /// The world of the command under way.
    @TaskLocal static var current = Console.process

    /// Prints one or more lines.
    func print(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n") }

    /// Prints one or more lines on standard error.
    func printError(_ text: String) { writeError(text.hasSuffix("\n") ? text : text + "\n") }
}
