import Etcd
import StubServer
import Testbed
import Testing

@testable import Duties

extension AgainstEtcd.ListenedCluster {
    func node(_ name: String) {
        api.put(
            "/api/v1/nodes", name,
            #"{"metadata": {"name": "\#(name)", "uid": "uid-\#(name)", "resourceVersion": "VERSION"}}"#)
    }

    func removeNode(_ name: String) { api.delete("/api/v1/nodes", name) }

    /// A host with blocks, as a daemon writes it; `uid` is empty for one that was no node.
    func host(_ name: String, uid: String = "u", blocks: [String]) async throws {
        try await etcd.put(
            "/r/hosts/\(name)", bytes(#"{"name": "\#(name)", "ip": "192.0.2.1", "k8s_info": {"uid": "\#(uid)"}}"#))
        try await etcd.put("/r/grants/\(name)", bytes("{}"))
        for block in blocks {
            try await etcd.put("/r/blocks/ipv4/\(block)", bytes(#"{"cidr": "\#(block)", "host": "\#(name)"}"#))
        }
    }

    /// What there is below a prefix.
    func keys(_ part: String) async throws -> [String] {
        try await etcd.list(prefix: "/r/\(part)/").keyValues.map { String($0.key.dropFirst("/r/\(part)/".count)) }
    }
}

extension AgainstEtcd {
    @Test(.timeLimit(.minutes(1)))
    func aHostGoesWhenItsNodeIsGoneAndItsAgentNotAliveAndTakesNothingElseAlong() async throws {
        try await Self.withCluster { cluster in
            for name in ["a", "ab", "b"] { cluster.node(name) }
            try await cluster.host("a", blocks: ["10.0.0.0/29", "10.0.0.8/29"])
            try await cluster.host("ab", blocks: ["10.0.0.16/29"])
            try await cluster.host("other", uid: "", blocks: ["10.0.0.24/29"])
            try await cluster.etcd.put("/r/addresses/x", bytes(#"{"name": "x", "host": "a"}"#))
            try await cluster.etcd.put("/r/alive/a", bytes("{}"))
            try await cluster.listening(hostGrace: .milliseconds(100)) { board in
                try await eventually("it knows the hosts") { board.listener?.hosts == 3 }
                cluster.removeNode("a")
                try await Task.sleep(for: .milliseconds(1500))
                #expect(try await cluster.keys("hosts").contains("a"), "its agent is alive")

                try await cluster.etcd.delete("/r/alive/a")
                try await eventually("the host goes") { try await !cluster.keys("hosts").contains("a") }
                #expect(try await cluster.keys("hosts") == ["ab", "other"])
                #expect(try await cluster.keys("grants") == ["ab", "other"])
                #expect(try await cluster.keys("blocks") == ["ipv4/10.0.0.16/29", "ipv4/10.0.0.24/29"])
                #expect(try await cluster.keys("addresses") == [])
                try await eventually("it is told") {
                    board.listener?.hostsRemoved == 1 && cluster.api.posted.contains { $0.contains("HostRemoved") }
                }
                #expect(board.listener?.lostHosts == 0)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aHostStaysThatIsSilentForLongOrWhoseNodeTheAPIStillHas() async throws {
        try await Self.withCluster { cluster in
            for name in ["a", "b"] { cluster.node(name) }
            try await cluster.host("a", blocks: ["10.0.0.0/29"])
            try await cluster.listening(hostGrace: .milliseconds(100)) { board in
                try await eventually("it knows the hosts") { board.listener?.hosts == 1 }
                try await Task.sleep(for: .seconds(3))
                #expect(try await cluster.keys("hosts") == ["a"])
                // An API that has forgotten everything is not believed.
                for name in ["a", "b"] { cluster.removeNode(name) }
                try await Task.sleep(for: .seconds(3))
                #expect(try await cluster.keys("hosts") == ["a"])
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aHostWithMoreBlocksThanOneTransactionTakesGoesInSteps() async throws {
        try await Self.withCluster { cluster in
            try await cluster.host("a", blocks: (0..<250).map { "10.0.\($0).0/29" })
            try await cluster.etcd.put("/r/election/d/c", bytes("c"))
            let elected = try await Self.elected(cluster.etcd)
            let removal = HostRemoval(elected: elected, etcd: cluster.etcd, keys: HostKeys(prefix: "/r"))
            #expect(try await removal.remove("a") == .removed(blocks: 250))
            #expect(try await cluster.keys("blocks") == [])
            #expect(try await removal.remove("a") == .missing)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func whoIsNotElectedAnyMoreRemovesNothing() async throws {
        try await Self.withCluster { cluster in
            try await cluster.host("a", blocks: ["10.0.0.0/29"])
            try await cluster.etcd.put("/r/election/d/c", bytes("c"))
            let elected = try await Self.elected(cluster.etcd)
            let removal = HostRemoval(elected: elected, etcd: cluster.etcd, keys: HostKeys(prefix: "/r"))
            try await cluster.etcd.delete("/r/election/d/c")
            let error = await #expect(throws: DutyError.self) { try await removal.remove("a") }
            #expect(error?.code == .deposed)
            // Nor who is elected again under the same name.
            try await cluster.etcd.put("/r/election/d/c", bytes("c"))
            await #expect(throws: DutyError.self) { try await removal.remove("a") }
            #expect(try await cluster.keys("hosts") == ["a"])
            #expect(try await cluster.keys("blocks") == ["ipv4/10.0.0.0/29"])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aHostThatIsAliveIsNotRemovedWhateverAnybodyBelieves() async throws {
        try await Self.withCluster { cluster in
            try await cluster.host("a", blocks: ["10.0.0.0/29"])
            try await cluster.etcd.put("/r/alive/a", bytes("{}"))
            try await cluster.etcd.put("/r/election/d/c", bytes("c"))
            let elected = try await Self.elected(cluster.etcd)
            let removal = HostRemoval(elected: elected, etcd: cluster.etcd, keys: HostKeys(prefix: "/r"))
            #expect(try await removal.remove("a") == .alive)
            #expect(try await cluster.keys("blocks") == ["ipv4/10.0.0.0/29"])
        }
    }

    /// The guard of whoever has the key `/r/election/d/c` now.
    private static func elected(_ etcd: EtcdClient) async throws -> ElectionGuard {
        let key = try #require(try await etcd.get("/r/election/d/c").keyValue)
        return ElectionGuard(key: key.key, createRevision: key.createRevision, etcd: etcd, logger: quiet)
    }
}
