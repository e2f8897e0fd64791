import CLinux

/// An end to waiting, whatever the process waits in: the interval timer's signal prints an answer and ends it.
///
/// Connecting to a socket whose queue is full has no timeout of its own, and one clock for connecting, sending and
/// receiving is simpler than three. The handler does only what `signal-safety(7)` allows: write and _exit.
enum Deadline {
    /// What the handler prints; changed only while the timer is off.
    nonisolated(unsafe) private static var lastWords: UnsafeMutableRawBufferPointer?

    /// Gives the process so many seconds; then the words are printed and it ends with status 1.
    static func set(seconds: UInt32, lastWords words: [UInt8]) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: words.count, alignment: 1)
        buffer.copyBytes(from: words)
        lastWords = buffer
        signal(SIGALRM) { _ in
            if let words = Deadline.lastWords { _ = write(1, words.baseAddress, words.count) }
            _exit(1)
        }
        alarm(seconds)
    }

    /// Lifts the deadline, so that an answer that is being printed is printed whole.
    static func clear() { alarm(0) }

    /// Stands still for a moment.
    static func pause(microseconds: UInt32) { usleep(microseconds) }
}
