import LinuxSystem
import Testbed
import Testing

extension SystemTests {
    @Suite(
        "make cluster",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"),
        .enabled(if: ContainerdTests.isRoot, "containerd needs the machine's root: sudo make test"))
    struct ClusterProgramTests {
        @Test("comes up, runs a pod that kubectl asked for, reaches it from its node, and leaves nothing")
        func upAndDown() async throws {
            let directory = try TemporaryDirectory("make-cluster")
            let folder = directory.file("state")
            let before = try await Self.outside()
            let environment = ProcessEnvironment.all().reduce(into: ["ROMANA_CLUSTER": folder]) {
                $0[$1.name] = $1.value
            }
            @discardableResult func script(_ words: String...) async throws -> String {
                try await Program("\(ContainerdTests.scripts)/cluster.sh", words, environment: environment)
                    .text(limit: .seconds(120))
            }
            do {
                try await script("up", Programs.built.agent.replacing("romana-agent", with: "romana-cluster"))
                try await script(
                    "kubectl", "run", "a", "--image=localhost/busybox:1", "--restart=Never", "--command", "--", "sleep",
                    "1d")
                try await script("kubectl", "wait", "--for=condition=Ready", "pod/a", "--timeout=30s")
                let address = try await script("kubectl", "get", "pod", "a", "-o", "jsonpath={.status.podIP}")
                #expect(try await script("exec", "a", "ip", "address").contains("inet \(address)/32"))
                #expect(try await script("node", "1", "ping", "-c", "1", "-W", "3", address).contains("1 received"))
                let nodes = try await script("kubectl", "get", "nodes", "-o", "name")
                #expect(nodes == "node/node1\nnode/node2\nnode/node3\n")
                // There is one already.
                #expect(
                    try await Program(
                        "\(ContainerdTests.scripts)/cluster.sh", ["up", "none"], environment: environment
                    )
                    .run().status == .exited(1))
            } catch {
                let log = TextFile.lastLines(60, of: "\(folder)/log")
                _ = try? await script("down")
                throw TestbedError("\(error)\n\(log)")
            }
            try await script("down")
            #expect(!FileSystem.fileExists(folder))
            try await eventually("everything is as it was") { try await Self.outside() == before }
            directory.remove()
        }

        /// What a cluster could leave behind here, besides its folder.
        private static func outside() async throws -> [String] {
            let question = """
                ip -oneline link | cut -d ' ' -f 2
                [ ! -d /run/netns ] || ls /run/netns
                ps -e -o args= | awk '/[r]omana-cluster /'
                """
            return try await Program("bash", ["-euo", "pipefail", "-c", question]).text()
                .split(separator: "\n").map { String($0) }
        }
    }
}
