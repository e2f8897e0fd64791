import Synchronization

/// Lets one task through at a time, in order of arrival; those who are cancelled leave the line.
final class Turnstile: Sendable {
    private struct Line {
        var isTaken = false
        var waiting: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
        var nextID: UInt64 = 0
    }

    private let line = Mutex(Line())

    /// Runs `work` when every earlier one is done.
    ///
    /// Throws an unavailable error when the task is cancelled while it waits, else what the work throws.
    func pass<Value: Sendable>(
        _ work: () async throws(DaemonError) -> Value
    ) async throws(DaemonError) -> Value {
        guard await enter() else { throw DaemonError(.unavailable, "wait for others to be placed: given up") }
        defer { leave() }
        return try await work()
    }

    private func enter() async -> Bool {
        let id = line.withLock { line in
            line.nextID += 1
            return line.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = line.withLock { line in
                    if Task.isCancelled { return false }
                    guard line.isTaken else {
                        line.isTaken = true
                        return true
                    }
                    line.waiting.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let continuation = line.withLock { line -> CheckedContinuation<Bool, Never>? in
                guard let index = line.waiting.firstIndex(where: { $0.id == id }) else { return nil }
                return line.waiting.remove(at: index).continuation
            }
            continuation?.resume(returning: false)
        }
    }

    private func leave() {
        let next = line.withLock { line -> CheckedContinuation<Bool, Never>? in
            guard !line.waiting.isEmpty else {
                line.isTaken = false
                return nil
            }
            return line.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
