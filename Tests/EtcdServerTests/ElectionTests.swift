import Duties
import Etcd
import Synchronization
import Testbed
import Testing

extension AgainstEtcd {
    /// Somebody who stands in the election `/e/`, and what became of it.
    final class Candidate: Sendable {
        private let guards = Mutex<[ElectionGuard]>([])
        private let isElected = Mutex(false)
        private let task = Mutex<Task<Void, Never>?>(nil)

        init(_ name: String, _ etcd: EtcdClient) {
            let election = Election(etcd, prefix: "/e/", candidate: name, logger: quiet)
            let running = Task {
                await election.run { elected in
                    self.guards.withLock { $0.append(elected) }
                    self.isElected.withLock { $0 = true }
                    try? await Task.sleep(for: .seconds(600))
                    self.isElected.withLock { $0 = false }
                }
            }
            task.withLock { $0 = running }
        }

        /// Whether it believes so.
        var believes: Bool { isElected.withLock { $0 } }
        /// What it writes with, or wrote with when it was elected last.
        var elected: ElectionGuard? { guards.withLock { $0.last } }
        /// How often it was elected.
        var terms: Int { guards.withLock { $0.count } }

        func end() async {
            let running = task.withLock { $0 }
            running?.cancel()
            await running?.value
        }
    }

    /// What became of a write.
    static func code(_ elected: ElectionGuard?, _ key: String) async throws -> DutyError.Code? {
        do throws(DutyError) {
            try await elected?.commit([.put(key: key, value: bytes("x"))])
            return nil
        } catch {
            return error.code
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func oneCandidateIsElectedAndTheNextAtOnceWhenItEnds() async throws {
        try await Self.withEtcd { _, etcd in
            let first = Candidate("a", etcd)
            try await eventually("the first is elected") { first.believes }
            let second = Candidate("b", etcd)
            try await eventually("both stand") { try await etcd.list(prefix: "/e/").keyValues.count == 2 }
            #expect(try await Self.code(first.elected, "/w") == nil)
            #expect(!second.believes)

            let began = ContinuousClock.now
            await first.end()
            try await eventually("the second is elected") { second.believes }
            #expect(began.duration(to: .now) < .seconds(2))
            #expect(try await Self.code(first.elected, "/w") == .deposed)
            #expect(try await Self.code(second.elected, "/w") == nil)
            await second.end()
            #expect(try await etcd.list(prefix: "/e/").keyValues.isEmpty, "nobody leaves a key")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func whoeverIsCutOffIsReplacedInTimeAndCannotWrite() async throws {
        try await Self.withEtcd { server, etcd in
            try await Relay.with(to: server.endpoint) { relay in
                try await Self.withClient(EtcdConfiguration(endpoints: [relay.endpoint])) { remote in
                    let first = Candidate("a", remote)
                    try await eventually("the first is elected") { first.believes }
                    let second = Candidate("b", etcd)
                    try await eventually("both stand") { try await etcd.list(prefix: "/e/").keyValues.count == 2 }

                    relay.mood = .cut
                    let began = ContinuousClock.now
                    try await eventually("the second is elected", within: .seconds(15)) { second.believes }
                    #expect(began.duration(to: .now) < .seconds(15))
                    try await eventually("the first does not believe so any more", within: .seconds(2)) {
                        !first.believes
                    }
                    relay.mood = .faithful
                    #expect(try await Self.code(first.elected, "/w") == .deposed)
                    #expect(try await etcd.get("/w").keyValue == nil)
                    try await eventually("the first stands again", within: .seconds(10)) {
                        try await etcd.list(prefix: "/e/").keyValues.count == 2
                    }
                    #expect(second.believes && !first.believes)
                    await second.end()
                    try await eventually("the first is elected again") { first.terms == 2 }
                    await first.end()
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aCandidateThatStartsAnewReplacesItselfAtOnce() async throws {
        try await Self.withEtcd { _, etcd in
            // What a process leaves that was killed.
            let lease = try await etcd.grantLease(seconds: 60)
            let revision = try await etcd.put("/e/a", bytes("a"), lease: lease)
            let former = ElectionGuard(key: "/e/a", createRevision: revision, etcd: etcd, logger: Self.quiet)
            #expect(try await Self.code(former, "/w") == nil)
            let began = ContinuousClock.now
            let next = Candidate("a", etcd)
            try await eventually("it is elected") { next.believes }
            #expect(began.duration(to: .now) < .seconds(2))
            #expect(try await Self.code(former, "/w") == .deposed)
            await next.end()
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func whoeversKeyIsTakenAwayStandsAgain() async throws {
        try await Self.withEtcd { _, etcd in
            let only = Candidate("a", etcd)
            try await eventually("it is elected") { only.believes }
            let former = only.elected
            try await etcd.delete("/e/a")
            try await eventually("it is elected again") { only.terms == 2 && only.believes }
            #expect(try await Self.code(former, "/w") == .deposed)
            #expect(try await Self.code(only.elected, "/w") == nil)
            await only.end()
        }
    }
}
