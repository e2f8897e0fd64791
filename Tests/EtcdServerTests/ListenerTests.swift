import Duties
import Etcd
import StubServer
import Testbed
import Testing

extension AgainstEtcd {
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
