import Etcd
import Synchronization
import Testbed
import Testing

extension AgainstEtcd {
    /// Replays what a mirror gives, and checks on the way that nothing is given twice.
    struct Replica {
        var keyValues: [String: EtcdKeyValue] = [:]
        var revision: Int64 = 0
        var snapshots = 0

        mutating func apply(_ update: EtcdMirror.Update) {
            switch update {
            case .snapshot(let list, let revision):
                snapshots += 1
                #expect(self.revision == 0)
                keyValues = Dictionary(uniqueKeysWithValues: list.map { ($0.key, $0) })
                self.revision = revision
            case .changes(let changes, let revision):
                #expect(!changes.isEmpty)
                #expect(revision > self.revision)
                for change in changes {
                    let known = keyValues[change.key]?.modRevision ?? 0
                    #expect(change.revision > self.revision || change.revision > known)
                    switch change {
                    case .put(let keyValue):
                        #expect(keyValues[keyValue.key] != keyValue)
                        keyValues[keyValue.key] = keyValue
                    case .delete(let key, _):
                        #expect(keyValues.removeValue(forKey: key) != nil)
                    }
                }
                self.revision = revision
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aMirrorIsASnapshotAndThenChanges() async throws {
        try await Self.withEtcd { _, etcd in
            let before = try await etcd.put("/m/a", bytes("1"))
            let mirror = etcd.mirror(prefix: "/m/")
            #expect(!mirror.isConnected)
            var updates = mirror.makeAsyncIterator()
            guard case .snapshot(let list, let revision) = await updates.next() else {
                Issue.record("no snapshot")
                return
            }
            #expect(list.map(\.key) == ["/m/a"])
            #expect(revision == before)
            let after = try await etcd.put("/m/b", bytes("2"))
            guard case .changes(let changes, after) = await updates.next() else {
                Issue.record("no changes")
                return
            }
            #expect(changes.map(\.key) == ["/m/b"])
            #expect(mirror.isConnected)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aMirrorListsAgainAfterCompactionAndGivesOnlyTheDifferences() async throws {
        try await Self.withEtcd { server, other in
            try await Relay.with(to: server.endpoint) { relay in
                try await Self.withClient(EtcdConfiguration(endpoints: [relay.endpoint])) { etcd in
                    for key in ["a", "b", "c", "d"] { try await etcd.put("/m/\(key)", bytes("1")) }
                    let mirror = etcd.mirror(prefix: "/m/")
                    let replica = Mutex(Replica())
                    let task = Task {
                        for await update in mirror { replica.withLock { $0.apply(update) } }
                    }
                    try await eventually("the snapshot is there") { replica.withLock { $0.snapshots == 1 } }

                    // While this client is cut off, another changes much and has the history compacted.
                    relay.mood = .cut
                    try await eventually("the mirror notices") { !mirror.isConnected }
                    try await other.delete("/m/a")
                    try await other.put("/m/b", bytes("2"))
                    try await other.put("/m/e", bytes("1"))
                    try await other.delete("/m/d")
                    let last = try await other.put("/m/d", bytes("again"))
                    try await server.control("compact", "\(last)")
                    relay.mood = .faithful

                    try await other.put("/m/f", bytes("live"))
                    try await eventually("the mirror caught up") {
                        replica.withLock { $0.keyValues["/m/f"] != nil }
                    }
                    let (expected, _) = try await other.list(prefix: "/m/")
                    #expect(replica.withLock { $0.keyValues.values.sorted { $0.key < $1.key } } == expected)
                    #expect(replica.withLock { $0.snapshots } == 1)
                    try await eventually("the mirror is live") { mirror.isConnected }
                    task.cancel()
                    await task.value
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aMirrorOutlivesAStoreThatWasReplaced() async throws {
        // etcd restored from an old backup: the same address, other contents, lower revisions.
        try await Self.withEtcd { server, etcd in
            for index in 0..<20 { try await etcd.put("/m/\(index % 5)", bytes("\(index)")) }
            let mirror = etcd.mirror(prefix: "/m/")
            let replica = Mutex<[String: EtcdKeyValue]>([:])
            let task = Task {
                for await update in mirror {
                    switch update {
                    case .snapshot(let list, _):
                        replica.withLock { $0 = Dictionary(uniqueKeysWithValues: list.map { ($0.key, $0) }) }
                    case .changes(let changes, _):
                        for case .put(let keyValue) in changes { replica.withLock { $0[keyValue.key] = keyValue } }
                        for case .delete(let key, _) in changes { replica.withLock { $0[key] = nil } }
                    }
                }
            }
            try await eventually("the snapshot is there") { replica.withLock { $0.count == 5 } }
            try await server.restart(emptied: true)
            try await etcd.put("/m/2", bytes("new"))
            try await eventually("the mirror shows the new store") {
                replica.withLock { $0.keys.sorted() == ["/m/2"] && $0["/m/2"]?.value == bytes("new") }
            }
            task.cancel()
            await task.value
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aMirrorWaitsForAnEtcdThatIsNotThereYet() async throws {
        try await EtcdServer.with { servers in
            await servers[0].crash()
            var configuration = Self.configuration(servers)
            configuration.requestTimeout = .milliseconds(300)
            try await Self.withClient(configuration) { etcd in
                let mirror = etcd.mirror(prefix: "/m/")
                async let first = {
                    var updates = mirror.makeAsyncIterator()
                    return await updates.next()
                }()
                await Self.expect(.unavailable) { _ = try await etcd.get("/m/") }
                try await servers[0].restart()
                guard case .snapshot(let list, _) = await first else {
                    Issue.record("no snapshot")
                    return
                }
                #expect(list.isEmpty)
            }
        }
    }
}
