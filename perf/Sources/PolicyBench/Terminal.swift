import Glibc

/// Standard error, for what is not a result.
enum Terminal {
    private static let isTerminal = isatty(STDERR_FILENO) == 1

    static func say(_ text: String) {
        write((isTerminal ? "\r\u{1B}[K" : "") + text + "\n")
    }

    /// Replaces the last line of progress.
    static func progress(_ text: String) {
        if isTerminal { write("\r\u{1B}[K" + text) }
    }

    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
