import Glibc
import LinuxSystem

extension Console {
    /// The streams and the environment of this process.
    public static var process: Console {
        let width = terminalWidth
        let isDumb = ProcessEnvironment.value("TERM") == "dumb"
        let isPlain = ProcessEnvironment.value("NO_COLOR")?.isEmpty == false
        return Console(
            write: { emit($0, to: 1) }, writeError: { emit($0, to: 2) },
            input: { () throws(SystemError) in try standardInput() }, variable: { ProcessEnvironment.value($0) },
            width: width, usesColour: width != nil && !isDumb && !isPlain)
    }

    private static var terminalWidth: Int? {
        guard isatty(1) == 1 else { return nil }
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    private static func standardInput() throws(SystemError) -> [UInt8] {
        try FileDescriptor.duplicate(0).readAll(limit: 64 << 20)
    }

    /// Writes what the reader still takes; a closed pipe is its choice.
    private static func emit(_ text: String, to descriptor: Int32) {
        do throws(SystemError) {
            try FileDescriptor.duplicate(descriptor).writeAll(Array(text.utf8))
        } catch {}
    }
}
