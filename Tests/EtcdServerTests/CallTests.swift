import Etcd
import Testbed
import Testing

extension AgainstEtcd {
    @Test func keysAreWrittenReadListedAndDeleted() async throws {
        try await Self.withEtcd { _, etcd in
            let first = try await etcd.put("/t/a", bytes("1"))
            let second = try await etcd.put("/t/a", bytes("2"))
            #expect(second == first + 1)
            let (found, revision) = try await etcd.get("/t/a")
            #expect(revision == second)
            #expect(
                found
                    == EtcdKeyValue(
                        key: "/t/a", value: bytes("2"), createRevision: first, modRevision: second, version: 2))
            #expect(try await etcd.get("/t/none").keyValue == nil)

            try await etcd.put("/t/b", [])
            try await etcd.put("/u", [0xff, 0])
            #expect(try await etcd.list(prefix: "/t/").keyValues.map(\.key) == ["/t/a", "/t/b"])
            #expect(try await etcd.list(prefix: "/t/", revision: first).keyValues.map(\.value) == [bytes("1")])
            #expect(try await etcd.list(prefix: "").keyValues.count == 3)
            #expect(try await etcd.list(prefix: "/x").keyValues.isEmpty)

            #expect(try await etcd.delete("/t/a") == 1)
            #expect(try await etcd.delete("/t/a") == 0)
            #expect(try await etcd.deletePrefix("/t/") == 1)
            #expect(try await etcd.deletePrefix("") == 1)
        }
    }

    @Test func aListIsOfOneRevisionHoweverManyPagesItTakes() async throws {
        try await Self.withEtcd { _, etcd in
            for start in stride(from: 0, to: 2600, by: 100) {
                let puts = (start..<start + 100).map {
                    EtcdTransaction.Operation.put(key: "/p/\($0 + 10_000)", value: bytes("x"))
                }
                _ = try await etcd.commit(EtcdTransaction(then: puts))
            }
            let (keyValues, revision) = try await etcd.list(prefix: "/p/")
            #expect(keyValues.map(\.key) == (10_000..<12_600).map { "/p/\($0)" })
            try await etcd.put("/p/10000", bytes("new"))
            #expect(try await etcd.list(prefix: "/p/", revision: revision).keyValues == keyValues)
        }
    }

    @Test func aPageOfLargeValuesIsRead() async throws {
        try await Self.withEtcd { _, etcd in
            let value = [UInt8](repeating: 7, count: 1_000_000)
            for index in 0..<12 { try await etcd.put("/big/\(index)", value) }
            // 12 MB in one answer: over gRPC's usual limit of 4 MiB.
            let (keyValues, _) = try await etcd.list(prefix: "/big/")
            #expect(keyValues.count == 12)
            #expect(keyValues.allSatisfy { $0.value == value })
        }
    }

    @Test func whatEtcdRefusesIsToldWithItsWords() async throws {
        try await Self.withEtcd { server, etcd in
            let revision = try await etcd.put("/k", bytes("1"))
            try await etcd.put("/k", bytes("2"))
            try await server.control("compact", "\(revision + 1)")

            await Self.expect(.compacted(0)) { _ = try await etcd.list(prefix: "/k", revision: revision) }
            await Self.expect(.invalid) { _ = try await etcd.list(prefix: "/k", revision: revision + 99) }
            await Self.expect(.invalid) { try await etcd.put("", bytes("x")) }
            await Self.expect(.invalid) { try await etcd.put("/k", .init(repeating: 0, count: 3_000_000)) }
            await Self.expect(.leaseNotFound) { try await etcd.put("/k", bytes("x"), lease: 77) }
            await Self.expect(.leaseNotFound) { try await etcd.revokeLease(77) }
            await Self.expect(.leaseNotFound) { try await etcd.keepAlive(77) }
            await Self.expect(.invalid) {
                let twice = EtcdTransaction.Operation.put(key: "/k", value: [])
                _ = try await etcd.commit(EtcdTransaction(then: [twice, twice]))
            }
            await Self.expect(.invalid) {
                let many = (0..<129).map { EtcdTransaction.Operation.get("/\($0)") }
                _ = try await etcd.commit(EtcdTransaction(then: many))
            }
            do throws(EtcdError) {
                try await etcd.put("/k", bytes("x"), lease: 77)
            } catch {
                #expect(
                    "\(error)"
                        == "put /k at \(server.endpoint): etcdserver: requested lease not found (lease not found)")
            }
        }
    }

    @Test func transactionsHoldWhatTheyPromise() async throws {
        try await Self.withEtcd { _, etcd in
            let made = try await etcd.put("/t/a", bytes("1"))
            let changed = try await etcd.put("/t/a", bytes("2"))
            let cases: [(EtcdTransaction.Condition, Bool)] = [
                (.exists("/t/a"), true), (.exists("/t/b"), false),
                (.missing("/t/b"), true), (.missing("/t/a"), false),
                (.modRevision("/t/a", equals: changed), true), (.modRevision("/t/a", equals: made), false),
                (.modRevision("/t/b", equals: 0), true),
                (.createRevision("/t/a", equals: made), true), (.createRevision("/t/a", equals: changed), false),
                (.createRevision("/t/b", equals: 0), true),
                (.value("/t/a", equals: bytes("2")), true), (.value("/t/a", equals: bytes("1")), false),
                (.value("/t/b", equals: []), false),
                (.prefixUnchangedSince("/t/", changed), true), (.prefixUnchangedSince("/t/", made), false),
                (.prefixUnchangedSince("/none/", 1), true), (.prefixUnchangedSince("", changed), true),
            ]
            for (condition, holds) in cases {
                let outcome = try await etcd.commit(EtcdTransaction(conditions: [condition]))
                #expect(outcome.succeeded == holds, "\(condition)")
            }

            let outcome = try await etcd.commit(
                EtcdTransaction(
                    conditions: [.prefixUnchangedSince("/t/", changed), .missing("/t/c")],
                    then: [
                        .put(key: "/t/c", value: bytes("3")), .get("/t/a"), .list("/t/"), .delete("/t/a"),
                        .deletePrefix("/none/"),
                    ],
                    otherwise: [.get("/t/a")]))
            #expect(outcome.succeeded)
            #expect(outcome.revision == changed + 1)
            guard outcome.responses.count == 5 else {
                Issue.record("\(outcome.responses)")
                return
            }
            #expect(outcome.responses[0] == .put)
            #expect(outcome.responses[3] == .deleted(1))
            #expect(outcome.responses[4] == .deleted(0))
            if case .keyValues(let found) = outcome.responses[2] { #expect(found.map(\.key) == ["/t/a", "/t/c"]) }

            // Made once, and not again by the same transaction.
            let again = EtcdTransaction(
                conditions: [.missing("/t/c")], then: [.put(key: "/t/c", value: [])], otherwise: [.get("/t/c")])
            let refused = try await etcd.commit(again)
            #expect(!refused.succeeded)
            if case .keyValues(let found) = refused.responses.first { #expect(found.map(\.value) == [bytes("3")]) }
            // A deletion leaves nothing to compare: it goes unseen.
            #expect(
                try await etcd.commit(EtcdTransaction(conditions: [.prefixUnchangedSince("/t/", outcome.revision)]))
                    .succeeded)
        }
    }

    /// Expects an error of the client with this code.
    static func expect(
        _ code: EtcdError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
    ) async {
        do {
            try await body()
            Issue.record("nothing was thrown", sourceLocation: sourceLocation)
        } catch let error as EtcdError {
            #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        } catch {
            Issue.record(error, sourceLocation: sourceLocation)
        }
    }
}
