import Etcd
import Testbed
import Testing

extension AgainstEtcd {
    /// An authority, a server's certificate for 127.0.0.1 and the name etcd.test, and a client's, by openssl.
    struct Authority {
        let directory: TemporaryDirectory

        init() async throws {
            directory = try TemporaryDirectory("tls")
            try await certificate("ca", of: "/CN=romana test authority", [])
            try await certificate(
                "server", of: "/CN=etcd", ["subjectAltName=IP:127.0.0.1,DNS:etcd.test", "extendedKeyUsage=serverAuth"])
            try await certificate(
                "named", of: "/CN=etcd", ["subjectAltName=DNS:etcd.test", "extendedKeyUsage=serverAuth"])
            try await certificate("client", of: "/CN=agent", ["extendedKeyUsage=clientAuth"])
            try await certificate("stranger", of: "/CN=another authority", [])
        }

        func file(_ name: String) -> String { directory.file(name) }

        /// `openssl req -x509 -newkey ec ... -out NAME.pem`, self-signed without extensions, else by the authority.
        private func certificate(_ name: String, of subject: String, _ extensions: [String]) async throws {
            var words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
            words += ["-days", "2", "-subj", subject, "-keyout", file("\(name).key"), "-out", file("\(name).pem")]
            if !extensions.isEmpty {
                words += ["-CA", file("ca.pem"), "-CAkey", file("ca.key")]
                words += ["-addext", "basicConstraints=critical,CA:FALSE"]
                words += extensions.flatMap { ["-addext", $0] }
            }
            try await Program("openssl", words).text()
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func certificatesAreShownAndChecked() async throws {
        let authority = try await Authority()
        defer { authority.directory.remove() }
        var certificates = EtcdServer.Certificates(
            ca: authority.file("ca.pem"), certificate: authority.file("server.pem"),
            key: authority.file("server.key"))
        try await EtcdServer.with(certificates: certificates) { servers in
            var good = EtcdConfiguration(
                endpoints: servers.map(\.endpoint), caFile: authority.file("ca.pem"),
                certificateFile: authority.file("client.pem"), keyFile: authority.file("client.key"))
            good.requestTimeout = .seconds(3)
            try await Self.withClient(good) { etcd in
                let revision = try await etcd.put("/tls", bytes("1"))
                #expect(try await Self.changes(etcd.watch(.prefix("/tls"), from: revision), 1).count == 1)
            }
            var bad: [(EtcdConfiguration, String)] = []
            good.requestTimeout = .milliseconds(1200)
            var other = good
            other.caFile = authority.file("stranger.pem")
            bad.append((other, "CERTIFICATE_VERIFY_FAILED"))
            other = good
            (other.certificateFile, other.keyFile) = (nil, nil)
            bad.append((other, "CERTIFICATE"))
            other = good
            (other.certificateFile, other.keyFile) = (authority.file("stranger.pem"), authority.file("stranger.key"))
            bad.append((other, "CERTIFICATE"))
            for (configuration, why) in bad { try await Self.expectRefusal(configuration, why) }
            other = good
            other.keyFile = authority.file("missing.key")
            try await Self.withClient(other) { etcd in
                await Self.expect(.authentication) { try await etcd.put("/tls", bytes("no")) }
            }
        }
        // A certificate without the address: only the name will do.
        certificates.certificate = authority.file("named.pem")
        certificates.key = authority.file("named.key")
        try await EtcdServer.with(certificates: certificates) { servers in
            var configuration = EtcdConfiguration(
                endpoints: servers.map { String($0.endpoint.dropFirst("https://".count)) },
                caFile: authority.file("ca.pem"), certificateFile: authority.file("client.pem"),
                keyFile: authority.file("client.key"), serverName: "etcd.test", requestTimeout: .seconds(3))
            try await Self.withClient(configuration) { etcd in _ = try await etcd.put("/tls", bytes("2")) }
            configuration.requestTimeout = .milliseconds(1200)
            for name in [nil, "other.test"] {
                configuration.serverName = name
                try await Self.expectRefusal(configuration, "failedToValidateHostname")
            }
        }
    }

    private static func expectRefusal(_ configuration: EtcdConfiguration, _ why: String) async throws {
        try await withClient(configuration) { etcd in
            do throws(EtcdError) {
                try await etcd.put("/tls", bytes("no"))
                Issue.record("it was let in: \(configuration)")
            } catch {
                #expect(error.code == .unavailable)
                #expect(error.message.contains(why), "\(error): \(configuration)")
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func passwordsAreExchangedForTokensThatAreRenewed() async throws {
        // Tokens end two seconds after their last use.
        let flags = ["--auth-token-ttl", "2", "--bcrypt-cost", "4"]
        try await EtcdServer.with(flags: flags) { servers in
            let server = servers[0]
            try await server.control("user", "add", "root:secret")
            try await server.control("user", "add", "agent:password")
            try await server.control("role", "add", "agents")
            try await server.control("role", "grant-permission", "agents", "--prefix=true", "readwrite", "/romana/")
            try await server.control("user", "grant-role", "root", "root")
            try await server.control("user", "grant-role", "agent", "agents")
            try await server.control("auth", "enable")

            var configuration = Self.configuration(servers)
            configuration.username = "agent"
            configuration.password = "password"
            try await Self.withClient(configuration) { etcd in
                let start = try await etcd.put("/romana/a", bytes("1"))
                let watch = etcd.watch(.prefix("/romana/"), from: start + 1)
                await Self.expect(.authentication) { try await etcd.put("/elsewhere", []) }
                await Self.expect(.authentication) { _ = try await etcd.list(prefix: "/") }
                await Self.expect(.authentication) { _ = try await Self.changes(etcd.watch(.prefix("/"), from: 1), 1) }

                // The token runs out, etcd forgets it, users change: each time the call goes through.
                try await Task.sleep(for: .seconds(4))
                try await etcd.put("/romana/b", bytes("2"))
                try await server.restart()
                try await etcd.put("/romana/c", bytes("3"))
                try await server.control("--user", "root:secret", "role", "add", "others")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for index in 0..<50 { group.addTask { try await etcd.put("/romana/d", bytes("\(index)")) } }
                    try await group.waitForAll()
                }
                // A watch that is made when the token is old.
                try await Task.sleep(for: .seconds(4))
                let late = etcd.watch(.key("/romana/a"), from: start)
                #expect(try await Self.changes(late, 1).map(\.key) == ["/romana/a"])
                let keys = try await Self.changes(watch, 52).map(\.key)
                #expect(keys == ["/romana/b", "/romana/c"] + Array(repeating: "/romana/d", count: 50))
            }
            configuration.password = "wrong"
            try await Self.withClient(configuration) { etcd in
                let took = await ContinuousClock().measure {
                    await Self.expect(.authentication) { _ = try await etcd.get("/romana/a") }
                }
                #expect(took < .seconds(5), "told at once, not at the deadline")
            }
            configuration.username = nil
            try await Self.withClient(configuration) { etcd in
                await Self.expect(.authentication) { _ = try await etcd.get("/romana/a") }
            }
        }
    }
}
