import Glibc

/// A thread for calls that block, which on a thread of the concurrency pool would stop the server under test.
enum OwnThread {
    private final class Work: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs `body` on a thread of its own and waits for its value without blocking.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let work = Work { continuation.resume(returning: body()) }
            var thread = pthread_t()
            pthread_create(&thread, nil, start, Unmanaged.passRetained(work).toOpaque())
            pthread_detach(thread)
        }
    }

    private static let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
    }
}
