import ServiceLifecycle

/// A service that works until the process is told to stop, and waits for that when its work is done earlier.
struct UntilShutdown: Service, CustomStringConvertible {
    let description: String
    private let work: @Sendable () async -> Void

    init(_ name: String, _ work: @escaping @Sendable () async -> Void) {
        description = name
        self.work = work
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await work()
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
        }
    }
}
