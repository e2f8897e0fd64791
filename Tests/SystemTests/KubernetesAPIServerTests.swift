import LinuxSystem
import Testbed
import Testing

extension SystemTests {
    @Suite(
        "The testbed's kube-apiserver",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"))
    struct KubernetesAPIServerTests {
        private struct Pod: Decodable {
            struct Metadata: Decodable { let labels: [String: String]? }
            struct Address: Decodable { let ip: String }
            struct Status: Decodable {
                let phase: String
                let podIPs: [Address]?
            }
            let metadata: Metadata
            let status: Status
        }

        @Test("takes objects, keeps them through a crash, lets agents read them and no more, and leaves nothing")
        func objects() async throws {
            let before = Namespace.present
            let fabric = try await Fabric.build(nodes: 1)
            let folder = try TemporaryDirectory("kubernetes")
            let api = try await KubernetesAPIServer.prepare(on: fabric, folder: folder.path)
            do {
                try await api.start()
                try await Self.takesObjects(api)
                try await Self.servesAgents(api, on: fabric)
            } catch {
                await api.remove()
                throw error
            }
            await api.remove()
            await fabric.remove()
            folder.remove()
            #expect(Namespace.present == before)
        }

        private static func takesObjects(_ api: KubernetesAPIServer) async throws {
            let pod = KubernetesManifest.pod(
                "a", in: "x", on: "node1", labels: ["pod": "a"], ports: [.init("web", "TCP", 80)])
            try await api.create(KubernetesManifest.node("node1"))
            try await api.create(KubernetesManifest.namespace("x", labels: ["ns": "x"]))
            try await api.create(pod)
            try await api.patch(
                pod, KubernetesManifest.status(phase: "Running", addresses: ["10.112.0.1", "fd00:112::1"]),
                part: "status")
            try await api.label(pod, ["pod": "a", "tier": "back"])
            let policy = KubernetesManifest.networkPolicy("none", in: "x", spec: #"{"podSelector": {}}"#)
            for _ in 0..<2 { try await api.apply(policy) }

            await api.crash()
            #expect(await !api.isReady())
            try await api.startServer()
            let seen = try JSON.decode(Pod.self, from: try await api.get(pod), of: "kube-apiserver")
            #expect(seen.metadata.labels == ["pod": "a", "tier": "back"])
            #expect(seen.status.phase == "Running")
            #expect(seen.status.podIPs?.map(\.ip) == ["10.112.0.1", "fd00:112::1"])
            for object in [policy, pod, pod] { try await api.delete(object) }
            try await api.deleteAll(.networkPolicy, in: "x")
            #expect(try await api.get(KubernetesObject(.pod, "", in: "x")).contains(#""items":[]"#))
        }

        /// Asks from a node with the token that agents have.
        private static func servesAgents(_ api: KubernetesAPIServer, on fabric: Fabric) async throws {
            let token = try #require(TextFile.read(api.agentTokenFile)).filter { !$0.isNewline }
            func status(_ words: String...) async throws -> String {
                let common = ["-sS", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", api.caFile, "-H"]
                let path = words[0]
                return try await Program(
                    "curl", common + ["Authorization: Bearer \(token)", api.url + path] + words.dropFirst(),
                    namespace: fabric.nodes[0].path
                ).text()
            }
            #expect(try await status("/api/v1/pods?fieldSelector=spec.nodeName%3Dnode1") == "200")
            #expect(try await status("/apis/networking.k8s.io/v1/networkpolicies") == "200")
            #expect(try await status("/api/v1/namespaces/x", "-X", "DELETE") == "403")
            #expect(try await status("/api/v1/secrets") == "403")
        }
    }
}
