import LinuxSystem
import Testbed
import Testing

extension SystemTests {
    /// The daemon against schemathesis, which reads `/openapi.json` and asks whatever it allows and does not allow.
    @Suite("The daemon's API")
    struct DescriptionTests {
        private static var folder: String { #filePath.components(up: 2) + "/openapi" }

        @Test("keeps to its own description, whatever it is asked", arguments: [false, true])
        func description(withTopologies: Bool) async throws {
            let directory = try TemporaryDirectory("description")
            defer { directory.remove() }
            let topology = directory.file("topology.json")
            try TextFile.write(TopologyText.racks(.dual), to: topology)
            let schemathesis = ProcessEnvironment.value("ROMANA_SCHEMATHESIS") ?? ".build-debug/schemathesis"
            try #require(
                FileSystem.fileExists("\(schemathesis)/bin/schemathesis"),
                "schemathesis is missing: Tests/openapi/install.sh \(schemathesis)")
            try await EtcdServer.with { servers in
                let url = "http://127.0.0.1:9600"
                let daemon = try await ChildProcess.start(
                    Program(
                        Programs.built.daemon,
                        [
                            "--etcd-endpoints", servers[0].endpoint, "--host", "127.0.0.1", "--initial-network",
                            topology,
                        ]), log: directory.file("daemon.log"))
                try await eventually("the daemon is healthy") {
                    try await Program(Programs.built.romana, ["--rootURL", url, "network", "list"]).run().status
                        .isSuccess
                }
                // Topologies of its own making leave little of the networks that the other requests are about.
                let options = withTopologies ? [] : ["--exclude-path-regex", "/topology$"]
                let result = try await Program("\(Self.folder)/run.sh", [schemathesis, url] + options)
                    .run(limit: .seconds(240))
                #expect(result.status.isSuccess, "\(result.text)\n\(result.errorText)")
                #expect(result.text.contains("Tested:"))
                #expect(await daemon.stop().isSuccess)
            }
        }
    }
}

extension String {
    /// The path without so many names at its end.
    fileprivate func components(up count: Int) -> String {
        "/" + split(separator: "/").dropLast(count).joined(separator: "/")
    }
}
