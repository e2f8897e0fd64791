import Synchronization
import Testing

@testable import Daemon

@Suite struct GroupCommitTests {
    private typealias Line = GroupCommit<Int, Int>

    private func line() -> Line {
        Line { DaemonError(.unavailable, "\($0) was left open too often") }
    }

    /// Runs `body` while `round` serves its requests.
    private func serving<Value: Sendable>(
        _ line: Line, _ round: @escaping @Sendable ([Int]) async -> [Line.Verdict],
        _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        let server = Task { await line.run(round) }
        defer { server.cancel() }
        return try await body()
    }

    @Test func requestsThatComeMeanwhileAreServedTogether() async throws {
        let rounds = Mutex<[[Int]]>([])
        let line = line()
        let answers = try await serving(line) { asks in
            rounds.withLock { $0.append(asks) }
            try? await Task.sleep(for: .milliseconds(50))
            return asks.map { .answered(.success($0 * 2)) }
        } _: {
            try await withThrowingTaskGroup(of: Int.self) { group in
                for ask in 0..<100 { group.addTask { try await line.submit(ask) } }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
        }
        #expect(answers == Set((0..<100).map { $0 * 2 }))
        #expect(rounds.withLock { $0.count } < 10)
    }

    @Test func whoHasNoVerdictGoesFirstNext() async throws {
        let served = Mutex<[Int]>([])
        let line = line()
        try await serving(line) { asks in
            try? await Task.sleep(for: .milliseconds(5))
            let now = asks.prefix(3)
            served.withLock { $0 += now }
            return now.map { .answered(.success($0)) }
        } _: {
            for ask in 0..<20 {
                Task { try? await line.submit(ask) }
                while line.count + served.withLock({ $0.count }) < min(ask, 3) { await Task.yield() }
                try await Task.sleep(for: .milliseconds(1))
            }
            while served.withLock({ $0.count }) < 20 { try await Task.sleep(for: .milliseconds(5)) }
        }
        #expect(served.withLock { $0 } == Array(0..<20))
    }

    @Test func oneThatIsNeverSettledDoesNotKeepOthersFromIt() async throws {
        let line = line()
        let results = try await serving(line) { asks in
            // As a transaction: all or nothing.
            asks.contains(7) ? asks.map { _ in .open } : asks.map { .answered(.success($0)) }
        } _: {
            await withTaskGroup(of: (Int, Bool).self) { group in
                for ask in 0..<16 {
                    group.addTask { (ask, (try? await line.submit(ask)) != nil) }
                }
                return await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
            }
        }
        #expect(results.filter { !$0.value }.map(\.key) == [7])
    }

    @Test func whoIsCancelledLeavesTheLine() async throws {
        let line = line()
        let waiting = Task { try await line.submit(1) }
        while line.count == 0 { await Task.yield() }
        waiting.cancel()
        await #expect(throws: DaemonError.self) { try await waiting.value }
        #expect(line.count == 0)
        let late = Task { try await line.submit(2) }
        late.cancel()
        await #expect(throws: DaemonError.self) { try await late.value }
    }

    @Test func whoeverWaitsIsToldWhenTheDaemonStops() async throws {
        let line = line()
        let server = Task {
            await line.run { _ in
                try? await Task.sleep(for: .seconds(3600))
                return []
            }
        }
        let waiting = (0..<3).map { ask in Task { try await line.submit(ask) } }
        try await Task.sleep(for: .milliseconds(20))
        server.cancel()
        for task in waiting {
            let error = await #expect(throws: DaemonError.self) { try await task.value }
            #expect(error?.kind == .unavailable)
        }
    }
}
