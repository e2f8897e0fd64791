import LinuxSystem

/// Gives memory back to the kernel after long lists: read at once, they need several times what is kept of them.
///
/// It is the time to let go of code, too: a start and its lists run through most of it, an agent at work needs a fifth.
struct MemoryRelease: Sendable {
    /// Lists that follow each other so closely are one.
    private static let rest = Duration.seconds(1)

    private let lists: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (lists, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// A list was read: what it needed is to be given back, soon.
    func release() { continuation.yield() }

    /// Does so until the task is cancelled.
    func run() async {
        for await _ in lists {
            try? await Task.sleep(for: Self.rest)
            ProcessMemory.releaseFree()
            ProcessMemory.releaseCode()
        }
    }
}
