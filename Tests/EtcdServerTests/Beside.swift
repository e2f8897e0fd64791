extension AgainstEtcd {
    /// Runs `body` while `work` goes on beside it, and ends that afterwards, whatever happens.
    static func beside<Result>(
        _ work: @escaping @Sendable () async -> Void, _ body: () async throws -> Result
    ) async throws -> Result {
        let running = Task { await work() }
        do {
            let result = try await body()
            running.cancel()
            await running.value
            return result
        } catch {
            running.cancel()
            await running.value
            throw error
        }
    }
}
