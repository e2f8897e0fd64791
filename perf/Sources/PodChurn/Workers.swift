import Glibc
import Synchronization

/// A thread with a closure for its body.
final class WorkerThread {
    private var thread = pthread_t()

    /// Starts at once.
    init(_ body: @escaping @Sendable () -> Void) throws {
        let context = Unmanaged.passRetained(Body(run: body)).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context)
        if code != 0 {
            Unmanaged<Body>.fromOpaque(context).release()
            throw BenchFailure("start a thread", errno: code)
        }
    }

    func join() {
        pthread_join(thread, nil)
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}

/// Threads that do the steps of a job between them, each taking the next one that nobody has taken.
final class Workers: Sendable {
    private struct State {
        var ready = 0
        var outcomes: [Outcome?]
        var failure: (any Error)?
    }

    private let job: Job
    private let next = Atomic<Int>(0)
    private let go = Atomic<Bool>(false)
    private let state: Mutex<State>

    private init(_ job: Job) {
        self.job = job
        state = Mutex(State(outcomes: Array(repeating: nil, count: job.count)))
    }

    /// Does all steps with so many threads in the node's namespace.
    ///
    /// - Parameter meanwhile: runs on the calling thread while the workers work.
    static func run(
        _ job: Job, threads: Int, in node: Node, meanwhile: () throws -> Void = {}
    ) throws -> [Outcome] {
        let workers = Workers(job)
        let all = try (0..<threads).map { _ in try WorkerThread { workers.work(in: node) } }
        while workers.state.withLock({ $0.ready }) < threads { usleep(200) }
        workers.go.store(true, ordering: .releasing)
        let aside = Result { try meanwhile() }
        for thread in all { thread.join() }
        return try workers.state.withLock { state in
            if let failure = state.failure { throw failure }
            try aside.get()
            return state.outcomes.compactMap(\.self)
        }
    }

    private func work(in node: Node) {
        do {
            let step: (Int) throws -> Outcome
            do {
                defer { state.withLock { $0.ready += 1 } }
                try node.enter()
                step = try job.worker()
            }
            while !go.load(ordering: .acquiring) { usleep(200) }
            var done: [(Int, Outcome)] = []
            defer { state.withLock { for (index, outcome) in done { $0.outcomes[index] = outcome } } }
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if index >= job.count { return }
                done.append((index, try step(index)))
            }
        } catch {
            next.store(job.count, ordering: .relaxed)
            state.withLock { $0.failure = $0.failure ?? error }
        }
    }
}
