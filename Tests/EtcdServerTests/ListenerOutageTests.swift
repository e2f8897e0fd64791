import Duties
import Etcd
import StubServer
import Testbed
import Testing

extension AgainstEtcd {
    @Test(.timeLimit(.minutes(1)))
    func aNewListenerLiftsNothingBeforeItHasHeardEverything() async throws {
        try await Self.withCluster { cluster in
            cluster.pod("one", app: "x", "10.0.0.1")
            cluster.policy("p", ListenedCluster.from("x"))
            cluster.policy("q", ListenedCluster.from("y"))
            try await cluster.listening { board in
                try await eventually("it is in sync") { board.listener?.isInSync ?? false }
            }
            // What happens while nobody listens, and what nobody should have written.
            cluster.removePolicy("q")
            cluster.policy("r", ListenedCluster.from("x"))
            cluster.pod("two", app: "x", "10.0.0.2")
            let strays = ["/r/groups/nothing", "/r/groups/half/10.0.0.9", "/r/groups/x/y/z", "/r/policies/kube.a.b.c"]
            for key in strays { try await cluster.etcd.put(key, bytes("{}")) }
            let before = try await cluster.etcd.list(prefix: "/r/").revision
            cluster.api.isDown = true
            try await cluster.listening { board in
                try await eventually("it is elected") { board.terms("listener") == 1 }
                try await Task.sleep(for: .milliseconds(500))
                #expect(try await cluster.policies().contains("kube.a.q.q"))
                #expect(board.listener?.isInSync == false)
                cluster.api.isDown = false
                try await eventually("it is in sync") { board.listener?.isInSync ?? false }
                #expect(try await cluster.policies() == ["kube.a.p.p", "kube.a.r.r"])
                #expect(try await cluster.members() == ["x": ["10.0.0.1", "10.0.0.2"]])
                // The policy that was and is was not written again.
                let kept = try await cluster.etcd.get("/r/policies/kube.a.p.p").keyValue
                #expect(kept.map { $0.modRevision < before } == true)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aDeposedListenerWritesNothing() async throws {
        try await Self.withCluster { cluster in
            try await cluster.listening { board in
                try await eventually("it is in sync") { board.listener?.isInSync ?? false }
                // Somebody else stands, and the listener's key is taken away: it is behind him from then on.
                let other = try await cluster.etcd.put("/r/election/listener/d", [])
                try await cluster.etcd.delete("/r/election/listener/c")
                cluster.policy("p", ListenedCluster.from("x"))
                try await eventually("the other holds") { board.standings["listener"]?.holder == "d" }
                try await Task.sleep(for: .milliseconds(300))
                #expect(try await cluster.policies().isEmpty)
                #expect(board.listener == nil)
                _ = other
                try await cluster.etcd.delete("/r/election/listener/d")
                try await eventually("it is elected again") { board.terms("listener") == 2 }
                try await eventually("the policy is there") { try await cluster.policies() == ["kube.a.p.p"] }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func whatHappensWhileTheAPIIsAwayOrForgetsIsCaughtUpWith() async throws {
        try await Self.withCluster { cluster in
            cluster.policy("p", ListenedCluster.from("x"))
            cluster.pod("one", app: "x", "10.0.0.1")
            try await cluster.listening { board in
                try await eventually("it is in sync") { board.listener?.isInSync ?? false }
                cluster.api.isDown = true
                cluster.pod("one", app: "y", "10.0.0.1")
                cluster.pod("two", app: "x", "10.0.0.2")
                cluster.removePolicy("p")
                cluster.policy("p", uid: "again", ListenedCluster.from("x"))
                cluster.api.compact()
                #expect(try await cluster.policies() == ["kube.a.p.p"])
                cluster.api.isDown = false
                try await eventually("it has caught up") {
                    let policies = try await cluster.policies()
                    return try await cluster.members() == ["x": ["10.0.0.2"]] && policies == ["kube.a.p.again"]
                }
            }
        }
    }
}
