import Glibc
import Synchronization

/// Where log lines go: a descriptor whose reader may be slow, or stuck.
///
/// Pods wait for the threads that log. A reader that takes nothing costs one line a few milliseconds, those behind it
/// nothing: they are lost, and counted in the first line that gets through again.
final class LogOutlet: Sendable {
    /// That of the process.
    static let standardError = LogOutlet(STDERR_FILENO)

    private let descriptor: Int32
    private let lost = Atomic(0)
    /// Milliseconds that the reader of a full pipe is given.
    private static let patience: Int32 = 5

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Writes one line with one system call, so that lines of several threads do not mix.
    func write(_ line: String) {
        let missing = lost.load(ordering: .relaxed)
        guard takes(within: missing == 0 ? Self.patience : 0) else {
            lost.add(1, ordering: .relaxed)
            return
        }
        var text = line
        if missing > 0 {
            lost.subtract(missing, ordering: .relaxed)
            text = "\(missing) log lines were lost, since nobody read them\n" + line
        }
        text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }

    /// Whether a line would be taken without waiting: a pipe says so when it has room for PIPE_BUF bytes (pipe(7)).
    private func takes(within milliseconds: Int32) -> Bool {
        var asked = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&asked, 1, milliseconds) != 0
    }
}
