import Duties
import Etcd
import KubernetesAPI
import Policies
import StubServer
import Synchronization
import Testbed
import Testing

extension AgainstEtcd {
    /// A cluster whose objects a test changes, and what a listener makes of them in etcd.
    struct ListenedCluster: Sendable {
        let api: StubKubernetes
        let etcd: EtcdClient

        func namespace(_ name: String, labels: String = "{}", annotations: String = "{}") {
            api.put(
                "/api/v1/namespaces", name,
                """
                {"metadata": {"name": "\(name)", "resourceVersion": "VERSION", "labels": \(labels), \
                "annotations": \(annotations)}, "status": {"phase": "Active"}}
                """)
        }

        func pod(
            _ name: String, in namespace: String = "a", app: String, _ address: String, phase: String = "Running",
            hostNetwork: Bool = false
        ) {
            api.put(
                "/api/v1/pods", "\(namespace)/\(name)",
                """
                {"metadata": {"name": "\(name)", "namespace": "\(namespace)", "uid": "\(name)", \
                "resourceVersion": "VERSION", "labels": {"app": "\(app)"}}, \
                "spec": {"nodeName": "n", "hostNetwork": \(hostNetwork), \
                "containers": [{"ports": [{"name": "web", "containerPort": 80}]}]}, \
                "status": {"phase": "\(phase)", "podIP": "\(address)"}}
                """)
        }

        func policy(_ name: String, in namespace: String = "a", uid: String? = nil, _ spec: String) {
            api.put(
                "/apis/networking.k8s.io/v1/networkpolicies", "\(namespace)/\(name)",
                """
                {"metadata": {"name": "\(name)", "namespace": "\(namespace)", "uid": "\(uid ?? name)", \
                "resourceVersion": "VERSION"}, "spec": \(spec)}
                """)
        }

        func removePolicy(_ name: String, in namespace: String = "a") {
            api.delete("/apis/networking.k8s.io/v1/networkpolicies", "\(namespace)/\(name)")
        }

        /// A policy that lets pods of an app come in.
        static func from(_ app: String) -> String {
            #"{"podSelector": {}, "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "\#(app)"}}}]}]}"#
        }

        /// Keys of policies.
        func policies() async throws -> [String] {
            try await etcd.list(prefix: "/r/policies/").keyValues.map { String($0.key.dropFirst("/r/policies/".count)) }
        }

        /// Addresses of the members of each group, by the app that it selects; `?` where it is not said to be there.
        func members() async throws -> [String: [String]] {
            var names: [String: String] = [:]
            var addresses: [String: [String]] = [:]
            for keyValue in try await etcd.list(prefix: "/r/groups/").keyValues {
                let parts = keyValue.key.split(separator: "/").map(String.init)
                if parts.count == 3 {
                    let text = String(decoding: keyValue.value, as: UTF8.self)
                    names[parts[2]] = ["x", "y"].first { text.contains("\"" + $0 + "\"") } ?? "other"
                } else {
                    addresses[parts[2], default: []].append(parts[3])
                }
            }
            var members: [String: [String]] = [:]
            for (key, name) in names { members[name] = addresses[key] ?? [] }
            for (key, list) in addresses where names[key] == nil { members["?", default: []] += list }
            return members
        }

        /// A listener that is the only candidate, until the body ends.
        func listening<Result: Sendable>(
            _ board: DutyBoard = DutyBoard(), isolation: Bool = false, _ body: (DutyBoard) async throws -> Result
        ) async throws -> Result {
            var timing = KubernetesTiming()
            timing.firstPause = .milliseconds(10)
            timing.longestPause = .milliseconds(100)
            let kubernetes = KubernetesClient(
                try KubernetesConfiguration(server: api.url), timing: timing, logger: AgainstEtcd.quiet)
            let listener = Listener(
                kubernetes: kubernetes, etcd: etcd, prefix: "/r", host: "n", honoursNamespaceIsolation: isolation,
                board: board, logger: AgainstEtcd.quiet)
            let runner = DutyRunner(
                listener, etcd: etcd, prefix: "/r", candidate: "c", board: board, logger: AgainstEtcd.quiet)
            let running = Task { await runner.run() }
            do {
                let result = try await body(board)
                running.cancel()
                await running.value
                return result
            } catch {
                running.cancel()
                await running.value
                throw error
            }
        }
    }

    static func withCluster<Result: Sendable>(_ body: (ListenedCluster) async throws -> Result) async throws -> Result {
        try await withEtcd { _, etcd in
            let api = try StubKubernetes()
            let cluster = ListenedCluster(api: api, etcd: etcd)
            cluster.namespace("a")
            return try await body(cluster)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func groupsHaveTheMembersThatTheirPoliciesName() async throws {
        try await Self.withCluster { cluster in
            cluster.pod("one", app: "x", "10.0.0.1")
            cluster.pod("two", app: "x", "10.0.0.2", phase: "Succeeded")
            cluster.pod("three", app: "x", "10.0.0.3", hostNetwork: true)
            cluster.pod("four", app: "y", "10.0.0.4")
            cluster.policy("p", ListenedCluster.from("x"))
            try await cluster.listening { board in
                try await eventually("it is in sync") { board.listener?.isInSync ?? false }
                #expect(try await cluster.policies() == ["kube.a.p.p"])
                #expect(try await cluster.members() == ["x": ["10.0.0.1"]])
                #expect(board.standings["listener"] == .init(holder: "c", isOwn: true, candidates: 1))
                #expect(board.listener.map { [$0.pods, $0.policies, $0.groups, $0.members] } == [2, 1, 1, 1])

                cluster.pod("four", app: "x", "10.0.0.4")
                cluster.pod("one", app: "x", "10.0.0.1", phase: "Failed")
                try await eventually("labels and phases count") { try await cluster.members() == ["x": ["10.0.0.4"]] }
                cluster.policy("p", ListenedCluster.from("y"))
                cluster.pod("five", app: "y", "10.0.0.5")
                try await eventually("an edited policy names another group") {
                    try await cluster.members() == ["y": ["10.0.0.5"]]
                }
                cluster.removePolicy("p")
                try await eventually("nothing is left") {
                    try await cluster.etcd.list(prefix: "/r/p").keyValues.isEmpty
                }
                try await eventually("no group is left") { try await cluster.members().isEmpty }
            }
        }
    }

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
    func writesComeInAnOrderThatNeverOpensAnything() async throws {
        try await Self.withCluster { cluster in
            for index in 1...250 { cluster.pod("p\(index)", app: "x", "10.0.1.\(index)") }
            cluster.policy("p", ListenedCluster.from("x"))
            let start = try await cluster.etcd.put("/r/start", [])
            try await cluster.listening { board in
                try await eventually("it is in sync") { board.listener?.isInSync ?? false }
                cluster.removePolicy("p")
                try await eventually("nothing is left") { try await cluster.members().isEmpty }
            }
            var kinds: [String] = []
            let end = try await cluster.etcd.put("/r/end", [])
            for try await batch in cluster.etcd.watch(.prefix("/r/"), from: start + 1) {
                for change in batch.events where !change.key.hasPrefix("/r/election/") {
                    let parts = change.key.split(separator: "/")
                    let isPut = if case .put = change { true } else { false }
                    let kind = "\(isPut ? "+" : "-")\(parts.count > 2 ? "\(parts[1]) \(parts.count)" : "end")"
                    if kinds.last != kind { kinds.append(kind) }
                }
                if batch.revision >= end { break }
            }
            #expect(
                kinds == ["+groups 4", "+groups 3", "+policies 3", "-policies 3", "-groups 3", "-groups 4", "+end"])
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
    func aHostileObjectDoesNoHarmToOthersAndIsToldOf() async throws {
        try await Self.withCluster { cluster in
            cluster.policy("good", ListenedCluster.from("x"))
            cluster.policy(
                "bad", #"{"podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/99"}}]}]}"#)
            cluster.policy("worse", #"{"podSelector": {"matchFields": {"a": "b"}}}"#)
            let peers = (0..<10_000).map { #"{"ipBlock": {"cidr": "10.\#($0 / 256 % 256).\#($0 % 256).0/24"}}"# }
            cluster.policy("big", #"{"podSelector": {}, "ingress": [{"from": [\#(peers.joined(separator: ","))]}]}"#)
            try await cluster.listening { board in
                try await eventually("it is in sync") { board.listener?.isInSync ?? false }
                #expect(try await cluster.policies() == ["kube.a.bad.bad", "kube.a.big.big", "kube.a.good.good"])
                #expect(board.listener.map { Set($0.refusals.keys) } == ["a/bad", "a/worse"])
                try await eventually("both are told of") { cluster.api.posted.count == 2 }
                let events = cluster.api.posted.sorted()
                #expect(
                    events.contains { $0.contains(#""reason":"PolicyInForceInPart""#) && $0.contains(#""name":"bad""#) }
                )
                #expect(
                    events.contains { $0.contains(#""reason":"PolicyRefused""#) && $0.contains(#""name":"worse""#) })
                cluster.policy("worse", ListenedCluster.from("x"))
                try await eventually("it is in force") { try await cluster.policies().count == 4 }
                try await eventually("that is told, too") {
                    cluster.api.posted.contains { $0.contains(#""reason":"PolicyInForce""#) }
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func theAnnotationOfNamespacesCountsWhereItIsAskedFor() async throws {
        try await Self.withCluster { cluster in
            let note = #"{"net.beta.kubernetes.io/networkpolicy": "{\"ingress\": {\"isolation\": \"DefaultDeny\"}}"}"#
            cluster.namespace("b", annotations: note)
            try await cluster.listening { board in
                try await eventually("it is in sync") { board.listener?.isInSync ?? false }
                #expect(try await cluster.policies().isEmpty)
            }
            try await cluster.listening(isolation: true) { _ in
                try await eventually("it is isolated") { try await cluster.policies().count == 1 }
                cluster.namespace("b")
                try await eventually("it is not any more") { try await cluster.policies().isEmpty }
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

    @Test(.timeLimit(.minutes(1)))
    func groupsOfRomanasOwnPoliciesAreKeptToo() async throws {
        try await Self.withCluster { cluster in
            cluster.pod("one", app: "x", "10.0.0.1")
            cluster.pod("two", app: "y", "10.0.0.2")
            let text =
                #"{"id": "own", "direction": "ingress", "applied_to": [{"tenant_id": "a"}], "#
                + #""ingress": [{"peers": [{"tenant_id": "a"}], "rules": [{"protocol": "tcp", "ports": [80]}]}]}"#
            try await cluster.etcd.put("/r/policies/own", bytes(text))
            try await cluster.listening { board in
                try await eventually("it is in sync") { board.listener?.isInSync ?? false }
                #expect(try await cluster.members() == ["other": ["10.0.0.1", "10.0.0.2"]])
                try await cluster.etcd.delete("/r/policies/own")
                try await eventually("nobody names it") { try await cluster.members().isEmpty }
                try await cluster.etcd.put("/r/policies/own", bytes(text))
                try await eventually("somebody names it") { try await cluster.members().count == 1 }
            }
            #expect(try await cluster.policies() == ["own"])
        }
    }
}
