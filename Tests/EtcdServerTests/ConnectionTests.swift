import Etcd
import Synchronization
import Testbed
import Testing

extension AgainstEtcd {
    @Test(.timeLimit(.minutes(1)))
    func aClientMovesToAnotherMemberWhenItsOwnDies() async throws {
        try await EtcdServer.with(members: 3) { servers in
            // Two of the three are known; the third keeps the majority.
            try await Self.withClient(Self.configuration(Array(servers[0...1]))) { etcd in
                let start = try await etcd.put("/f/0", [])
                let watch = etcd.watch(.prefix("/f/"), from: start + 1)
                try await eventually("the watch is live") { watch.isConnected }
                let mine = try #require(servers.first { $0.endpoint == etcd.connectedEndpoint })
                let other = try #require(servers[0...1].first { $0.endpoint != mine.endpoint })
                await mine.crash()

                try await etcd.get("/f/0").keyValue.map { #expect($0.modRevision == start) }
                #expect(etcd.connectedEndpoint == other.endpoint)
                try await etcd.put("/f/1", bytes("after"))
                #expect(try await Self.changes(watch, 1).map(\.key) == ["/f/1"])

                // And back, once the first is there again and the second is not.
                try await mine.restart()
                await other.crash()
                try await eventually("it has moved back", within: .seconds(30)) {
                    (try? await etcd.put("/f/2", bytes("back"))) != nil
                }
                #expect(etcd.connectedEndpoint == mine.endpoint)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aMemberWithoutALeaderIsLeftForOneThatHasOne() async throws {
        try await EtcdServer.with(members: 3) { servers in
            try await Self.withClient(Self.configuration(Array(servers[0...0]))) { etcd in
                try await etcd.put("/k", [])
                await servers[1].crash()
                await servers[2].crash()
                var impatient = EtcdConfiguration(endpoints: servers.map(\.endpoint))
                impatient.requestTimeout = .seconds(2)
                try await Self.withClient(impatient) { other in
                    // One of three members cannot serve anyone, and says so.
                    await Self.expect(.unavailable) {
                        try await eventually("it has lost its leader") { etcd.connectedEndpoint == nil }
                        _ = try await other.get("/k")
                    }
                    try await servers[2].restart()
                    try await eventually("two of three serve", within: .seconds(30)) {
                        (try? await other.put("/k", bytes("again"))) != nil
                    }
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func callsEndAtTheirDeadlineWhenEtcdStandsStill() async throws {
        try await EtcdServer.with { servers in
            var configuration = Self.configuration(servers)
            configuration.requestTimeout = .milliseconds(500)
            configuration.dialTimeout = .milliseconds(500)
            try await Self.withClient(configuration) { etcd in
                let start = try await etcd.put("/d", bytes("1"))
                let watch = etcd.watch(.key("/d"), from: start + 1)
                servers[0].freeze()
                let clock = ContinuousClock()
                for attempt in 0..<4 {
                    let took = await clock.measure {
                        do throws(EtcdError) {
                            _ = try await etcd.get("/d")
                            Issue.record("etcd answered")
                        } catch {
                            // The first waits for an answer; then the connection is given up for dead.
                            let isLate = error.code == .deadlineExceeded
                            #expect(isLate || attempt > 0 && error.code == .unavailable, "\(error)")
                        }
                    }
                    #expect(took < .seconds(1), "\(took)")
                }
                // A cancelled call ends at once.
                let cancelled = Task { () throws(EtcdError) in try await etcd.get("/d").revision }
                try await Task.sleep(for: .milliseconds(50))
                let took = await clock.measure {
                    cancelled.cancel()
                    await Self.expect(.cancelled) { _ = try await cancelled.value }
                }
                #expect(took < .milliseconds(300), "\(took)")

                servers[0].thaw()
                try await eventually("etcd answers again") { (try? await etcd.put("/d", bytes("2"))) != nil }
                let changes = try await Self.changes(watch, 1)
                #expect(changes.first?.key == "/d")
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aFrozenMemberIsLeftForAnother() async throws {
        try await EtcdServer.with(members: 3) { servers in
            var configuration = Self.configuration(Array(servers[0...1]))
            configuration.requestTimeout = .seconds(2)
            configuration.dialTimeout = .seconds(1)
            try await Self.withClient(configuration) { etcd in
                try await etcd.put("/k", [])
                let mine = try #require(servers.first { $0.endpoint == etcd.connectedEndpoint })
                mine.freeze()
                try await eventually("another member serves", within: .seconds(20)) {
                    (try? await etcd.put("/k", bytes("2"))) != nil
                }
                #expect(etcd.connectedEndpoint != mine.endpoint)
                mine.thaw()
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func withoutAnyEtcdCallsSayWhy() async throws {
        var configuration = EtcdConfiguration(endpoints: ["127.0.0.1:1"], requestTimeout: .milliseconds(300))
        try await Self.withClient(configuration) { etcd in
            do throws(EtcdError) {
                try await etcd.put("/k", [])
                Issue.record("nothing was thrown")
            } catch {
                #expect(error.code == .unavailable)
                #expect(error.endpoint == "http://127.0.0.1:1")
                #expect(error.message.contains("refused"), "\(error)")
            }
            #expect(!etcd.isConnected)
        }
        configuration.endpoints = []
        try await Self.withClient(configuration) { etcd in
            await Self.expect(.invalid) { _ = try await etcd.get("/k") }
        }
        configuration.endpoints = ["ftp://nowhere"]
        try await Self.withClient(configuration) { etcd in
            await Self.expect(.invalid) { _ = try await etcd.get("/k") }
        }
        let stopped = try await Self.withClient(configuration) { $0 }
        await Self.expect(.cancelled) { _ = try await stopped.get("/k") }
        await Self.expect(.unavailable) {
            _ = try await EtcdClient(configuration, logger: Self.quiet).get("/k")
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [3, 60, 500, 3000])
    func aGarbledConnectionIsAnErrorAndNoMore(damage: Int) async throws {
        try await Self.withEtcd { server, _ in
            try await Relay.with(to: server.endpoint) { relay in
                var configuration = EtcdConfiguration(endpoints: [relay.endpoint])
                configuration.requestTimeout = .milliseconds(300)
                configuration.dialTimeout = .milliseconds(300)
                try await Self.withClient(configuration) { etcd in
                    try await eventually("it is connected") { etcd.isConnected }
                    relay.mood = .garbling(oneIn: damage, seed: UInt64(damage))
                    let tasks = [
                        Task { for await _ in etcd.mirror(prefix: "/g") {} },
                        Task { _ = try? await Self.changes(etcd.watch(.prefix("/g"), from: 1), .max) },
                        Task { await EtcdLease(client: etcd, seconds: 2).run { _ in } },
                        Task {
                            while !Task.isCancelled {
                                // Whether they succeed is up to the damage.
                                _ = try? await etcd.put("/g/\(Int.random(in: 0..<100))", bytes("value"))
                                _ = try? await etcd.list(prefix: "/g")
                            }
                        },
                    ]
                    try await Task.sleep(for: .seconds(1))
                    for task in tasks { task.cancel() }
                    for task in tasks { await task.value }
                    relay.mood = .faithful
                    try await eventually("all is well again") { (try? await etcd.put("/g", [])) != nil }
                }
            }
        }
    }
}
