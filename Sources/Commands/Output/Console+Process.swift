import Glibc
import LinuxSystem

extension Console {
    /// The streams, the environment and the signals of this process.
    public static var process: Console {
        let isTerminal = isatty(1) == 1
        let isDumb = ProcessEnvironment.value("TERM") == "dumb"
        let isPlain = ProcessEnvironment.value("NO_COLOR")?.isEmpty == false
        return Console(
            write: { (text) throws(SystemError) in try emit(text, to: 1) },
            writeError: { text in do throws(SystemError) { try emit(text, to: 2) } catch {} },
            input: { () throws(SystemError) in try FileDescriptor.duplicate(0).readAll(limit: 64 << 20) },
            variable: { ProcessEnvironment.value($0) },
            size: { isTerminal ? terminalSize : nil },
            usesColour: isTerminal && !isDumb && !isPlain,
            stopRequested: { await StopSignals.arrive() })
    }

    private static var terminalSize: Size {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return Size(columns: 80, rows: 24)
        }
        return Size(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    private static func emit(_ text: String, to descriptor: Int32) throws(SystemError) {
        try FileDescriptor.duplicate(descriptor).writeAll(Array(text.utf8))
    }
}
