import HTTPTypes
import Testing

@testable import Daemon

@Suite("Probes of the daemon, and names of requests") struct HealthTests {
    @Test func healthIsToldAsLinesToThoseWhoAskForThem() async throws {
        try await withAPI { client, _ in
            let wanted: [(String, HTTPFields)] = [
                ("/readyz?format=text", [:]), ("/healthz?format=text", [:]), ("/healthz", [.accept: "text/plain"]),
            ]
            for (path, headers) in wanted {
                let answer = try await client.send(.get, path, headers: headers)
                #expect(answer.status == 200 && answer.headers[.contentType]?.hasPrefix("text/plain") == true)
                #expect(answer.body == "ok\nok etcd: answers\nok mirror: etcd was read whole\n")
            }
            let json = try await client.send(.get, "/readyz", headers: [.accept: "text/plain, application/json"])
            #expect(json.headers[.contentType] == "application/json")
            #expect(json.body.contains(#""checks":[{"message":"answers","name":"etcd","outcome":"ok"}"#))
            #expect(try await client.send(.get, "/healthz", headers: [.accept: "image/png"]).status == 406)
        }
    }

    @Test func hostsWhoseAgentsLiveAreThoseWithALease() async throws {
        let store = MemoryStore()
        try await withAPI(on: store) { client, cluster in
            #expect(try await client.send(.get, "/v1/alive").body == #"{"alive":[]}"#)
            var transaction = StoreTransaction()
            let values = [("n2", #"{"addresses":["10.0.0.2"],"version":"3.0.0"}"#), ("n1", "junk")]
            for (name, text) in values {
                transaction.then.append(.put(cluster.keys.alive(name), Array(text.utf8)))
            }
            _ = try await store.commit(transaction)
            #expect(
                try await client.send(.get, "/v1/alive").body
                    == #"{"alive":[{"addresses":[],"name":"n1","version":""},{"addresses":["10.0.0.2"],"name":"n2","version":"3.0.0"}]}"#
            )
        }
    }

    @Test(
        "a client's name for a request is kept if it can stand in a log line",
        arguments: [
            ("0123456789ab-3f2c", true), ("two words", false), ("", false), (String(repeating: "x", count: 129), false),
        ])
    func names(name: String, isKept: Bool) async throws {
        let header = try #require(ExchangeID.header)
        try await withAPI { client, _ in
            let answer = try await client.send(.get, "/hosts", headers: name.isEmpty ? [:] : [header: name])
            let given = try #require(answer.headers[header])
            #expect((given == name) == isKept && (isKept || given.hasPrefix("daemon-")))
            let refused = try await client.send(.get, "/nothing", headers: [header: "seen"])
            #expect(refused.status == 404 && refused.headers[header] == "seen")
        }
    }
}
