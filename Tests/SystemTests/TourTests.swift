import LinuxSystem
import Testbed
import Testing

extension SystemTests {
    /// The guided tour of specs/tour.md, step by step as a reader would type it.
    @Suite("The tour")
    struct TourTests {
        @Test("can be taken: each step works and shows what the page says it shows")
        func tour() async throws {
            let steps = TourStep.steps(of: try #require(TextFile.read(Self.page)))
            try #require(steps.count > 20)
            try await Cluster.run(ClusterLayout(nodes: 3, families: .dual)) { cluster in
                var attached: [(pod: Pod, addresses: [String])] = []
                for node in cluster.nodes {
                    for pod in try await node.makePods(2) { attached.append((pod, try await pod.add())) }
                }
                try await cluster.isReconciled(with: attached)
                let folder = try TemporaryDirectory("tour")
                defer { folder.remove() }
                let search = ProcessEnvironment.value("PATH") ?? "/usr/bin:/bin"
                for step in steps {
                    let script = Program(
                        "sh", ["-ec", "cd \(folder.path); exec 2>&1; \(step.script)"],
                        environment: [
                            "PATH": "\(Programs.built.romana.parentFolder):\(search)", "HOME": folder.path,
                            "ROMANA_ROOTURL": cluster.daemonURL(),
                        ], namespace: cluster.fabric.namespace.path)
                    var result = try await script.run()
                    // Spare blocks of a network that was removed go back within seconds, not at once.
                    for _ in 0..<30 where step.script.contains("romana ipam check") && !result.status.isSuccess {
                        try await Task.sleep(for: .milliseconds(500))
                        result = try await script.run()
                    }
                    #expect(result.status.isSuccess, "\(step.script)\n\(result.text)")
                    let missing = step.headings.filter { !TourStep.words(result.text).contains($0) }
                    #expect(missing.isEmpty, "\(step.script)\n\(result.text)")
                }
                try await cluster.deleteAll(attached)
            }
        }

        private static var page: String {
            "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/specs/tour.md"
        }
    }
}

extension String {
    /// The folder that a file is in.
    fileprivate var parentFolder: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "." }
}
