import Etcd
import Synchronization
import Testbed
import Testing

extension AgainstEtcd {
    @Test(.timeLimit(.minutes(1)))
    func aLeaseEndsUnlessItIsKeptAlive() async throws {
        try await Self.withEtcd { _, etcd in
            let kept = try await etcd.grantLease(seconds: 2)
            let left = try await etcd.grantLease(seconds: 2)
            let start = try await etcd.put("/l/kept", [], lease: kept)
            try await etcd.put("/l/left", [], lease: left)
            #expect(try await etcd.get("/l/kept").keyValue?.lease == kept)
            let watch = etcd.watch(.prefix("/l/"), from: start + 2)
            let keeper = Task {
                while !Task.isCancelled {
                    #expect(try await etcd.keepAlive(kept) == 2)
                    try await Task.sleep(for: .milliseconds(500))
                }
            }
            let changes = try await Self.changes(watch, 1)
            #expect(changes.map(\.key) == ["/l/left"])
            #expect(try await etcd.get("/l/kept").keyValue != nil)
            keeper.cancel()
            _ = try? await keeper.value
            try await etcd.revokeLease(kept)
            #expect(try await etcd.list(prefix: "/l/").keyValues.isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aHeldLeaseIsRegrantedWhenLostAndGivenBackAtTheEnd() async throws {
        try await Self.withEtcd { server, etcd in
            let lease = EtcdLease(client: etcd, seconds: 2)
            let granted = Mutex<[Int64]>([])
            let running = Task {
                await lease.run { id in
                    granted.withLock { $0.append(id) }
                    _ = try? await etcd.put("/alive/n", bytes("\(id)"), lease: id)
                    // It may last as long as the lease does.
                    try? await Task.sleep(for: .seconds(600))
                }
            }
            func alive() async throws -> Int64? { try await etcd.get("/alive/n").keyValue?.lease }
            try await eventually("the lease is held") { try await alive() != nil }
            #expect(lease.id == granted.withLock { $0.last })
            try await Task.sleep(for: .seconds(4))
            #expect(granted.withLock { $0.count } == 1, "kept alive for twice its time")

            let first = try #require(lease.id)
            try await etcd.revokeLease(first)
            try await eventually("another is held") {
                let id = try await alive()
                return id != nil && id != first
            }
            #expect(lease.id == granted.withLock { $0.last })

            // Held for certain: not while etcd stands still for longer than the lease lasts.
            server.freeze()
            try await eventually("it is no longer certain") { lease.id == nil }
            server.thaw()
            try await eventually("it is held again", within: .seconds(20)) {
                guard let id = lease.id else { return false }
                return (try? await alive()) == id
            }
            running.cancel()
            await running.value
            #expect(lease.id == nil)
            #expect(try await alive() == nil, "given back")
        }
    }
}
