import HTTPTypes
import Testing
import Topology

@testable import Daemon

@Suite struct TopologyRouteTests {
    static let host = #"{"ip":"192.168.0.1","name":"n1"}"#
    /// The network of `Documents.flat` with twice the addresses and a second group.
    static let wider = """
        {"networks": [{"name": "net", "cidr": "10.0.0.0/22", "block_mask": 29}],
         "topologies": [{"networks": ["net"], "map": [{"name": "all"}, {"name": "more"}]}]}
        """

    private func problems(_ body: String) throws -> [Problem] {
        try JSONBody.value(ErrorBody.self, from: body.utf8, what: "the error").problems ?? []
    }

    @Test(arguments: ["/topology", "/v1/topology"]) func aDryRunTellsTheEffectAndChangesNothing(_ path: String)
        async throws
    {
        try await withAPI { client, cluster in
            _ = try await client.send(.post, "/hosts", Self.host)
            _ = try await client.send(.post, "/v1/hosts/n1/blocks", #"{"network":"net"}"#)
            let before = try await client.send(.get, "/topology").body
            let effect = try await client.send(.post, "\(path)?dryRun=true", Self.wider)
            #expect(effect.status == 200, "\(effect.body)")
            #expect(effect.body.contains(#""notes":["cidr 10.0.0.0/23 -> 10.0.0.0/22"]"#), "\(effect.body)")
            #expect(effect.body.contains(#""kind":"added""#) && effect.body.contains(#""unchanged":false"#))
            #expect(try await client.send(.get, "/topology").body == before)
            let same = try await client.send(.post, "\(path)?dryRun=true", before)
            #expect(same.body.contains(#""unchanged":true"#))
        }
    }

    @Test func aChangeIsAppliedUnderRunningHosts() async throws {
        try await withAPI { client, cluster in
            _ = try await client.send(.post, "/hosts", Self.host)
            let block = try await client.send(.post, "/v1/hosts/n1/blocks", #"{"network":"net"}"#)
            let effect = try await client.send(.post, "/v1/topology", Self.wider)
            #expect(effect.status == 200 && effect.body.contains(#""unchanged":false"#))
            #expect(
                try await client.send(.get, "/v1/blocks").body
                    == block.body.replacing("10.0.0.0/23", with: "10.0.0.0/23"))
            #expect(cluster.events.events().map(\.kind).contains(.topology))
        }
    }

    @Test func everythingThatStandsInTheWayIsListed() async throws {
        let store = MemoryStore()
        try await withAPI(on: store) { client, cluster in
            for number in 1...2 {
                _ = try await client.send(.post, "/hosts", #"{"ip":"192.168.0.\#(number)","name":"n\#(number)"}"#)
                for var block in try await cluster.grant(GrantRequest(network: "net"), to: "n\(number)") {
                    block.allocated = number
                    store.put(cluster.keys.block(block.cidr), try JSONBody.bytes(block))
                }
            }
            await cluster.mirror.wait(atMost: .seconds(5)) { $0.blocks.values.count { $0.value.allocated > 0 } == 2 }
            let elsewhere = Documents.flat.replacing("10.0.0.0/23", with: "10.8.0.0/23")
            for path in ["/topology", "/topology?dryRun=true", "/v1/topology"] {
                let refused = try await client.send(.post, path, elsewhere)
                #expect(refused.status == 409)
                let problems = try problems(refused.body)
                #expect(problems.count == 2, "\(refused.body)")
                #expect(problems[0].problem.contains("block 10.0.0.0/29 of host n1 (1 address)"))
                #expect(problems[1].problem.contains("block 10.0.0.8/29 of host n2 (2 addresses)"))
            }
            #expect(cluster.mirror.read { $0.topology?.value.revision } == 1)
        }
    }

    @Test func aDocumentThatCannotBeUsedAnywhereIsRefusedWithAllItsErrors() async throws {
        try await withAPI { client, _ in
            let wrong = """
                {"networks": [{"name": "a", "cidr": "10.0.0.0/8"}, {"name": "a", "cidr": "10.1.0.0/16"}],
                 "topologies": [{"networks": ["b"], "map": []}]}
                """
            let refused = try await client.send(.post, "/topology?dryRun=true", wrong)
            #expect(refused.status == 400)
            let fields = try problems(refused.body).map(\.field)
            #expect(
                Set(fields).isSuperset(of: ["networks[1].name", "networks[1].cidr", "topologies[0].networks[0]"]),
                "\(refused.body)")
            let reserved = #"{"networks": [{"name": "a", "cidr": "127.0.0.0/16"}], "topologies": []}"#
            #expect(try await client.send(.post, "/topology", reserved).status == 400)
        }
    }

    @Test func blackoutsComeAndGoWithTheirReasons() async throws {
        try await withAPI { client, cluster in
            _ = try await client.send(.post, "/hosts", Self.host)
            let path = "/v1/networks/net/blackouts"
            #expect(try await client.send(.get, path).body == #"{"blackouts":[]}"#)
            let added = try await client.send(.post, path, #"{"cidr":"10.0.0.0/28","reason":"printers"}"#)
            let shown = #"{"blocks_in_use":[],"cidr":"10.0.0.0/28","reason":"printers","revision":2}"#
            #expect(added.status == 200 && added.body == shown, "\(added.body)")
            #expect(try await client.send(.get, path).body == #"{"blackouts":[\#(shown)]}"#)
            // The same again is no change; other words are.
            #expect(try await client.send(.post, path, #"{"cidr":"10.0.0.0/28","reason":"printers"}"#).body == shown)
            #expect(cluster.mirror.read { $0.topology?.value.revision } == 2)
            let again = try await client.send(.post, path, #"{"cidr":"10.0.0.0/28","reason":"scanners"}"#)
            #expect(again.body.contains(#""reason":"scanners","revision":3"#))

            let block = try await client.send(.post, "/v1/hosts/n1/blocks", #"{"network":"net"}"#)
            #expect(block.body.contains("10.0.0.16/29"))
            // A document that says nothing of blackouts keeps them and their reasons.
            _ = try await client.send(.post, "/topology", Self.wider)
            #expect(try await client.send(.get, path).body.contains("scanners"))
            #expect(try await client.send(.get, "/topology").body.contains(#""blacked_out":["10.0.0.0/28"]"#))

            #expect(try await client.send(.delete, path + "/10.0.0.0%2F28").status == 200)
            #expect(try await client.send(.delete, path + "/10.0.0.0/28").status == 404)
            #expect(try await client.send(.get, path).body == #"{"blackouts":[]}"#)
            #expect(cluster.events.events().filter { $0.kind == .blackout }.map(\.count) == [2, 1])
        }
    }

    @Test(arguments: [
        ("/v1/networks/other/blackouts", #"{"cidr":"10.0.0.0/28"}"#, 404), ("/v1/networks/net/blackouts", #"{}"#, 400),
        ("/v1/networks/net/blackouts", #"{"cidr":"10.0.0.0"}"#, 400),
        ("/v1/networks/net/blackouts", #"{"cidr":"10.0.0.0/23"}"#, 409),
        ("/v1/networks/net/blackouts", #"{"cidr":"11.0.0.0/28"}"#, 409),
    ])
    func blackoutsThatCannotBeAreRefused(path: String, body: String, status: Int) async throws {
        try await withAPI { client, _ in
            let answer = try await client.send(.post, path, body)
            #expect(answer.status == status, "\(answer.body)")
        }
    }

    @Test func aNetworkTellsHowFullItIs() async throws {
        try await withAPI(topology: Documents.racks) { client, _ in
            _ = try await client.send(.post, "/hosts", #"{"ip":"192.168.0.1","name":"n1","tags":{"rack":"b"}}"#)
            _ = try await client.send(.post, "/v1/hosts/n1/blocks", #"{"network":"net","count":2}"#)
            let detail = try await client.send(.get, "/v1/networks/net").body
            let empty = #"{"addresses":0,"capacity":4096,"full":false,"granted":0,"in_use":0,"spilled":0}"#
            #expect(
                detail.contains(#"{"blocks":\#(empty),"cidr":"10.0.0.0/17","dummy":false,"hosts":0,"path":"rack-a"}"#))
            #expect(
                detail.contains(#""hosts":1,"path":"rack-b"}"#) && detail.contains(#""capacity":8192"#), "\(detail)")
            #expect(try await client.send(.get, "/v1/networks/six").body.contains(#""capacity":"72057594037927936""#))
            #expect(try await client.send(.get, "/v1/networks/other").status == 404)
            let metrics = try await client.send(.get, "/metrics").body
            #expect(metrics.contains(#"romana_daemon_groups_full{network="net"} 0"#))
        }
    }

    @Test func eventsAreToldFromANumberOn() async throws {
        try await withAPI { client, cluster in
            for number in 1...3 { cluster.events.add(.spill, "message \(number)", about: "n1") }
            cluster.events.add(.spill, "message 3", about: "n1")
            let all = try await client.send(.get, "/v1/events").body
            #expect(all.contains("message 1") && all.contains("message 2"))
            let last = cluster.events.events().last
            #expect(last?.message == "message 3" && last?.count == 2)
            let late = try await client.send(.get, "/v1/events?after=\((last?.number ?? 1) - 1)").body
            #expect(late.contains("message 3") && !late.contains("message 2"))
            for wrong in ["-1", "x", "1&after=2", ""] {
                #expect(try await client.send(.get, "/v1/events?after=\(wrong)").status == 400)
            }
        }
    }
}
