/// Runs `work` and gives it up after `limit`.
///
/// Throws what the work throws, or `error` when the time was up first; the work is then cancelled, and what it had
/// already committed stays committed.
func within<Value: Sendable>(
    _ limit: Duration, else error: DaemonError, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else { throw error }
        return value
    }
}
