import Testbed
import Testing

extension SystemTests {
    @Suite("A daemon with TLS, certificates of clients and a token")
    struct SecuredDaemonTests {
        /// A certificate of an address, signed by itself.
        private func certificate(_ name: String, _ address: String, in folder: TemporaryDirectory) async throws {
            try await Program(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=\(name)", "-addext", "subjectAltName=IP:\(address)",
                    "-out", folder.file("\(name).pem"), "-keyout", folder.file("\(name).key"),
                ]
            ).text()
        }

        @Test("serves agents and operators that show both, and nobody else")
        func secured() async throws {
            let folder = try TemporaryDirectory("secured")
            defer { folder.remove() }
            try await certificate("daemon", Fabric.address4, in: folder)
            try await certificate("client", Fabric.address4, in: folder)
            try TextFile.write("s3cret\n", to: folder.file("token"))
            var layout = ClusterLayout(nodes: 2, families: .ipv4)
            layout.daemonScheme = "https"
            layout.daemonOptions = [
                "--tls-cert", folder.file("daemon.pem"), "--tls-key", folder.file("daemon.key"),
                "--tls-client-ca", folder.file("client.pem"), "--token-file", folder.file("token"),
            ]
            layout.agentOptions = [
                "--daemon-ca-file", folder.file("daemon.pem"), "--daemon-cert-file", folder.file("client.pem"),
                "--daemon-key-file", folder.file("client.key"), "--daemon-token-file", folder.file("token"),
            ]
            let trust = ["--cacert", folder.file("daemon.pem")]
            let proof = ["--cert", folder.file("client.pem"), "--key", folder.file("client.key")]
            layout.romanaOptions = trust + proof + ["--token-file", folder.file("token")]
            try await Cluster.run(layout) { cluster in
                var attached: [(pod: Pod, addresses: [String])] = []
                for node in cluster.nodes {
                    let pod = try await node.makePod()
                    attached.append((pod, try await pod.add()))
                }
                try await attached[0].pod.ping(attached[1].addresses)
                let check = try await cluster.romana(["ipam", "check"])
                #expect(check.status.isSuccess, "\(check.errorText)\(check.text)")

                func stranger(_ options: [String]) async throws -> CommandResult {
                    try await Program(
                        cluster.programs.romana, ["--rootURL", cluster.daemonURL()] + options + ["host", "list"],
                        namespace: cluster.fabric.namespace.path
                    ).run()
                }
                let tokenless = try await stranger(trust + proof)
                #expect(!tokenless.status.isSuccess && tokenless.errorText.contains("401"), "\(tokenless.errorText)")
                for options in [trust, trust + ["--token-file", folder.file("token")], proof] {
                    #expect(try await !stranger(options).status.isSuccess, "\(options)")
                }
                try await cluster.deleteAll(attached)
            }
        }
    }
}
