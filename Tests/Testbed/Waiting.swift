/// Asks until `condition` holds.
/// - Throws: an error that names `what` when it does not hold within `limit`.
public func eventually(
    _ what: @autoclosure () -> String,
    within limit: Duration = .seconds(15),
    every pause: Duration = .milliseconds(20),
    _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while try await !condition() {
        guard clock.now < end else { throw TestbedError("waited \(limit) in vain until \(what())") }
        try await Task.sleep(for: pause)
    }
}

extension Array where Element: Sendable {
    /// Runs `body` for every element, at most `width` at a time, and gives the results in the order of the elements.
    public func concurrently<Result: Sendable>(
        _ width: Int, _ body: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results: [Result?] = .init(repeating: nil, count: count)
            var next = 0
            func start() {
                guard next < count else { return }
                let (index, element) = (next, self[next])
                next += 1
                group.addTask { (index, try await body(element)) }
            }
            for _ in 0..<Swift.max(1, width) { start() }
            while let (index, result) = try await group.next() {
                results[index] = result
                start()
            }
            return results.compactMap { $0 }
        }
    }
}
