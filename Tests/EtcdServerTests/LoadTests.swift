import Etcd
import Glibc
import Synchronization
import Testbed
import Testing
import WrittenLog

extension AgainstEtcd {
    /// One connection must carry 100,000 calls and 1,000 watches with 100,000 events: etcd answers nearly every request
    /// with a PING besides, and HTTP/2 code that counts those closes the connection after 200 in 30 seconds.
    ///
    /// gRPC that is not optimized takes over a millisecond of a processor for a call, so a debug build makes a
    /// twentieth of the calls, still 25 times what would close it. The whole is done by a release build, or with
    /// ROMANA_FULL_LOAD set: `ROMANA_FULL_LOAD=1 swift test --filter oneConnection`.
    @Test(.timeLimit(.minutes(10)))
    func oneConnectionCarriesAllCallsAndWatches() async throws {
        #if DEBUG
        let isWhole = getenv("ROMANA_FULL_LOAD") != nil
        #else
        let isWhole = true
        #endif
        let calls = isWhole ? 100_000 : 5_000
        let watches = isWhole ? 1_000 : 100
        let connections = WrittenLog()
        try await EtcdServer.with(flags: ["--snapshot-count", "1000000"]) { servers in
            let configuration = Self.configuration(servers)
            try await Self.withClient(configuration, logger: connections.logger) { etcd in
                let start = try await etcd.put("/load", []) + 1
                let seen = Tally()
                let made = Tally()
                let clock = ContinuousClock()
                let began = clock.now
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for watch in 0..<watches {
                        let changes = etcd.watch(.prefix("/load/\(watch)/"), from: start)
                        group.addTask {
                            var last: Int64 = 0
                            var count = 0
                            for try await batch in changes {
                                for event in batch.events {
                                    #expect(event.revision > last)
                                    last = event.revision
                                }
                                count += batch.events.count
                                seen.add(batch.events.count)
                                if count >= calls / watches { break }
                            }
                            #expect(count == calls / watches)
                        }
                    }
                    for _ in 0..<50 {
                        group.addTask {
                            while true {
                                let call = made.add(1)
                                guard call < calls else { return }
                                try await etcd.put("/load/\(call % watches)/\(call / watches % 10)", [1, 2, 3])
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let took = began.duration(to: clock.now)
                print("\(calls) calls and \(seen.value) events in \(took)")
            }
        }
        #expect(connections.count(of: "connected to etcd") == 1, "\(connections.lines)")
        #expect(connections.count(of: "lost etcd") == 0)
    }
}

extension AgainstEtcd {
    @Test(.timeLimit(.minutes(1)))
    func cancelledCallsAndShortWatchesLeaveTheConnectionAlone() async throws {
        let connections = WrittenLog()
        try await EtcdServer.with { servers in
            try await Self.withClient(Self.configuration(servers), logger: connections.logger) { etcd in
                try await etcd.put("/c", [])
                _ = try await (0..<1000).map { $0 }.concurrently(20) { index in
                    let call = Task { () throws(EtcdError) in try await etcd.list(prefix: "/c").revision }
                    let watch = etcd.watch(.prefix("/c"), from: 1)
                    let changes = Task { try await Self.changes(watch, index % 3) }
                    if index % 2 == 0 { try await Task.sleep(for: .microseconds(index)) }
                    call.cancel()
                    changes.cancel()
                    _ = try? await call.value
                    _ = try await changes.value
                }
                #expect(try await etcd.get("/c").keyValue != nil)
            }
        }
        #expect(connections.count(of: "connected to etcd") == 1, "\(connections.lines)")
    }

    @Test(.timeLimit(.minutes(1)))
    func aClientMayBeStoppedAtAnyMoment() async throws {
        try await EtcdServer.with { servers in
            for delay in stride(from: 0, to: 20_000, by: 400) {
                let client = EtcdClient(Self.configuration(servers), logger: Self.quiet)
                let running = Task { await client.run() }
                let users = [
                    Task { _ = try? await client.put("/k", []) },
                    Task { _ = try? await Self.changes(client.watch(.prefix("/"), from: 1), .max) },
                    Task { for await _ in client.mirror(prefix: "/") {} },
                    Task { await client.lease(seconds: 5).run { _ in } },
                ]
                try await Task.sleep(for: .microseconds(delay))
                running.cancel()
                await running.value
                // The lease alone has to be told; all else ends with the client.
                users.last?.cancel()
                for user in users { await user.value }
            }
        }
    }
}

/// A number that many tasks count up.
private final class Tally: Sendable {
    private let number = Atomic(0)

    var value: Int { number.load(ordering: .relaxed) }

    /// Adds, and gives the number before.
    @discardableResult
    func add(_ more: Int) -> Int { number.add(more, ordering: .relaxed).oldValue }
}
