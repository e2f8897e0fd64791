import Etcd
import Synchronization
import Testbed
import Testing

extension AgainstEtcd {
    /// Collects the changes of a watch until `count` have come.
    static func changes(_ watch: EtcdWatch, _ count: Int) async throws -> [EtcdChange] {
        var changes: [EtcdChange] = []
        for try await batch in watch {
            changes += batch.events
            if changes.count >= count { break }
        }
        return changes
    }

    @Test(.timeLimit(.minutes(1)))
    func aWatchGivesEveryChangeFromItsRevisionOn() async throws {
        try await Self.withEtcd { _, etcd in
            let first = try await etcd.put("/w/a", bytes("1"))
            try await etcd.put("/x", bytes("elsewhere"))
            let prefix = etcd.watch(.prefix("/w/"), from: first)
            let key = etcd.watch(.key("/w/b"), from: first)
            try await etcd.put("/w/b", bytes("2"))
            try await etcd.delete("/w/a")
            let changes = try await Self.changes(prefix, 3)
            #expect(changes.map(\.key) == ["/w/a", "/w/b", "/w/a"])
            #expect(changes.map(\.revision) == [first, first + 2, first + 3])
            #expect(changes.last == .delete(key: "/w/a", revision: first + 3))
            #expect(prefix.isConnected)
            #expect(try await Self.changes(key, 1).map(\.key) == ["/w/b"])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func theChangesOfOneTransactionComeTogether() async throws {
        try await Self.withEtcd { _, etcd in
            // 120 x 60 kB: far more than etcd puts into one answer, so that it comes in fragments.
            let value = [UInt8](repeating: 1, count: 20_000)
            let puts = (0..<60).map { EtcdTransaction.Operation.put(key: "/big/\($0)", value: value) }
            let revision = try await etcd.commit(EtcdTransaction(then: puts)).revision
            let more = try await etcd.commit(EtcdTransaction(then: puts)).revision
            let third = try await etcd.commit(EtcdTransaction(then: puts)).revision
            var seen: [Int64: Int] = [:]
            for try await batch in etcd.watch(.prefix("/big/"), from: revision) {
                for (revision, events) in Dictionary(grouping: batch.events, by: \.revision) {
                    seen[revision, default: 0] += 1
                    #expect(events.count == 60)
                }
                #expect(batch.revision == batch.events.map(\.revision).max())
                if batch.revision == third { break }
            }
            #expect(seen == [revision: 1, more: 1, third: 1])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aWatchMissesAndRepeatsNothingWhileEtcdCrashes() async throws {
        try await Self.withEtcd { server, etcd in
            let start = try await etcd.put("/r/start", [])
            let watch = etcd.watch(.prefix("/r/"), from: start + 1)
            let writer = Task {
                var written = 0
                while written < 600 {
                    // Whether a write that failed was made is not known; the number is then simply written again.
                    do throws(EtcdError) {
                        try await etcd.put("/r/\(written % 7)", bytes("\(written)"))
                        written += 1
                    } catch {}
                }
            }
            let crasher = Task {
                for _ in 0..<3 {
                    try await Task.sleep(for: .milliseconds(250))
                    try await server.restart()
                }
            }
            var values: [Int] = []
            var revisions: [Int64] = []
            for try await batch in watch {
                for event in batch.events {
                    revisions.append(event.revision)
                    guard case .put(let keyValue) = event else { continue }
                    values.append(Int(String(decoding: keyValue.value, as: UTF8.self)) ?? -1)
                }
                if values.last == 599, writer.isCancelled == false, values.count >= 600 { break }
            }
            await writer.value
            try await crasher.value
            // Every revision once, in order, without a gap: nobody else writes.
            #expect(revisions == Array((start + 1)...(start + Int64(revisions.count))))
            #expect(Set(values) == Set(0..<600))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aWatchIntoCompactedHistoryFailsOnceAndEnds() async throws {
        try await Self.withEtcd { server, etcd in
            let first = try await etcd.put("/c", bytes("1"))
            for _ in 0..<5 { try await etcd.put("/c", bytes("2")) }
            try await server.control("compact", "\(first + 3)")
            var watch = etcd.watch(.key("/c"), from: first).makeAsyncIterator()
            do throws(EtcdError) {
                _ = try await watch.next()
                Issue.record("nothing was thrown")
            } catch {
                #expect(error.code == .compacted(first + 3))
            }
            #expect(try await watch.next() == nil)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aCancelledWatchEnds() async throws {
        try await Self.withEtcd { _, etcd in
            let task = Task { try await Self.changes(etcd.watch(.prefix("/"), from: 0), 1) }
            try await Task.sleep(for: .milliseconds(100))
            task.cancel()
            #expect(try await task.value == [])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func watchesEndWithTheClient() async throws {
        try await EtcdServer.with { servers in
            let task = try await Self.withClient(Self.configuration(servers)) { etcd in
                try await etcd.put("/", [])
                return Task { [watch = etcd.watch(.prefix("/"), from: 0)] in try await Self.changes(watch, 1) }
            }
            #expect(try await task.value == [])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aSlowUserIsTakenOffTheStreamAndMissesNothing() async throws {
        try await Self.withEtcd { _, etcd in
            let start = try await etcd.put("/s/start", [])
            var watch = etcd.watch(.prefix("/s/"), from: start + 1).makeAsyncIterator()
            // 24 MB, three times of what is kept for a user who does not take it.
            let value = [UInt8](repeating: 5, count: 1_000_000)
            for index in 0..<24 { try await etcd.put("/s/\(index)", value) }
            var keys: [String] = []
            while keys.count < 24, let batch = try await watch.next() {
                #expect(batch.events.count <= 11)
                keys += batch.events.map(\.key)
            }
            #expect(keys == (0..<24).map { "/s/\($0)" })
        }
    }
}
