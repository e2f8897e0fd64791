public import LinuxSystem

/// The world around a command: where it prints, what it reads, how large the terminal is, when it is to stop.
public struct Console: Sendable {
    /// How much fits on a terminal.
    public struct Size: Sendable {
        /// Characters in a line.
        public var columns: Int
        /// Lines.
        public var rows: Int

        /// A size of so many columns and rows.
        public init(columns: Int, rows: Int) {
            self.columns = columns
            self.rows = rows
        }
    }

    /// Writes bytes of standard output.
    private let write: @Sendable (String) throws(SystemError) -> Void
    /// Writes bytes of standard error.
    private let writeError: @Sendable (String) -> Void
    /// Reads all of standard input.
    let input: @Sendable () throws(SystemError) -> [UInt8]
    /// A variable of the environment.
    let variable: @Sendable (String) -> String?
    /// The size of the terminal now, nil when the output is not one: then nothing is cut.
    let size: @Sendable () -> Size?
    /// Whether colours are wanted.
    let usesColour: Bool
    /// Waits until a command that goes on for ever is to end.
    let stopRequested: @Sendable () async -> Void

    /// A world made of parts, for processes and for tests.
    public init(
        write: @escaping @Sendable (String) throws(SystemError) -> Void,
        writeError: @escaping @Sendable (String) -> Void,
        input: @escaping @Sendable () throws(SystemError) -> [UInt8],
        variable: @escaping @Sendable (String) -> String?,
        size: @escaping @Sendable () -> Size?,
        usesColour: Bool,
        stopRequested: @escaping @Sendable () async -> Void
    ) {
        self.write = write
        self.writeError = writeError
        self.input = input
        self.variable = variable
        self.size = size
        self.usesColour = usesColour
        self.stopRequested = stopRequested
    }

    /// The world of the command under way.
    @TaskLocal static var current = Console.process

    /// Prints one or more lines.
    func print(_ text: String) throws(CommandError) { try send(text.hasSuffix("\n") ? text : text + "\n") }

    /// Sends text as it is.
    func send(_ text: String) throws(CommandError) {
        do throws(SystemError) {
            try write(text)
        } catch {
            throw CommandError(
                "write to standard output: \(error.errno)", kind: error.errno == .EPIPE ? .closedPipe : .failed)
        }
    }

    /// Prints one or more lines on standard error.
    func printError(_ text: String) { writeError(text.hasSuffix("\n") ? text : text + "\n") }

    /// Sets free text from outside that is to appear within a line: no line ends, nothing that moves the cursor.
    static func harmless(_ text: String) -> String {
        // Nearly every text is plain.
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        return String(
            text.map { character in
                let isHarmful = character.unicodeScalars.contains { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: true
                    default: false
                    }
                }
                return isHarmful ? "?" : character
            })
    }
}
