import Glibc
import Testbed
import Testing

extension SystemTests {
    /// What the agent puts on the node for container runtimes.
    @Suite("Installation on the node")
    struct InstallationTests {
        /// The folders of a node, as runtimes look into them.
        private struct Host {
            let directory: TemporaryDirectory
            var bin: String { directory.file("opt/cni/bin") }
            var net: String { directory.file("etc/cni/net.d") }
            var plugin: String { "\(bin)/romana-cni" }
            var conflist: String { "\(net)/10-romana.conflist" }
            var options: [String] {
                ["--install-cni", "--cni-plugin", Programs.built.cni, "--cni-bin-dir", bin, "--cni-conf-dir", net]
            }

            var isWhole: Bool {
                get async throws {
                    let isSame = try await Program("cmp", ["-s", Programs.built.cni, plugin]).run().status.isSuccess
                    return isSame && access(plugin, X_OK) == 0 && TextFile.read(conflist) != nil
                }
            }
        }

        private func withHost(
            _ body: (Host, ClusterLayout) async throws -> Void
        ) async throws {
            let host = Host(directory: try TemporaryDirectory("host"))
            defer { host.directory.remove() }
            var layout = ClusterLayout()
            layout.agentOptions = host.options
            try await body(host, layout)
        }

        private static func page(_ path: String, of node: Node) async throws -> String {
            try await Program(
                "curl", ["-s", "http://127.0.0.1:9607/\(path)"], namespace: node.site.namespace?.path
            ).text()
        }

        @Test("the plugin comes at once, the configuration when the agent can serve; both stay when it ends")
        func order() async throws {
            try await withHost { host, layout in
                var layout = layout
                // Without a daemon the node has no blocks.
                layout.daemons = 0
                try await Cluster.run(layout, untilReady: false) { cluster in
                    let node = cluster.nodes[0]
                    try await eventually("the plugin is there") { access(host.plugin, X_OK) == 0 }
                    try await eventually("the agent reports") {
                        try await Self.page("metrics", of: node).contains(
                            #"romana_installation_in_place{file="configuration"} 0"#)
                    }
                    #expect(TemporaryDirectory.names(in: host.net).isEmpty)
                    try await cluster.startDaemon()
                    try await eventually("the configuration is there", within: .seconds(30)) {
                        TextFile.read(host.conflist) != nil
                    }
                    #expect(try await node.isReady())
                    let text = try #require(TextFile.read(host.conflist))
                    #expect(text.contains(#""agentSocket": "\#(node.site.socket)""#))
                    #expect(TemporaryDirectory.names(in: host.net) == ["10-romana.conflist"])
                    #expect(TemporaryDirectory.names(in: host.bin) == ["romana-cni"])

                    // An upgrade: runtimes go on to ask the plugin, which has them try again.
                    #expect(await node.stopAgent() == .exited(0))
                    #expect(try await host.isWhole)
                    let pod = try await node.makePod()
                    #expect(try await pod.call("ADD").run().code == 11)
                }
            }
        }

        @Test("what vanishes or is changed is put right, others' files are left alone")
        func repair() async throws {
            try await withHost { host, layout in
                try await Cluster.run(layout) { cluster in
                    try await eventually("everything is there") { try await host.isWhole }
                    let text = try #require(TextFile.read(host.conflist))
                    try TextFile.write("{}", to: "\(host.net)/20-other.conflist")
                    try TextFile.write("other", to: "\(host.bin)/other")
                    for path in [host.plugin, host.conflist] {
                        for (what, harm) in [
                            ("removed", "rm -f '\(path)'"), ("emptied", ": > '\(path)'"),
                            ("extended", "echo '{}' >> '\(path)'"), ("another", "echo x > x; mv x '\(path)'"),
                            ("locked", "chmod 0 '\(path)'"), ("a link", "ln -sf /dev/null '\(path)'"),
                        ] {
                            _ = try await Program("sh", ["-c", "cd '\(host.directory.path)' && \(harm)"]).text()
                            try await eventually("\(path) is right after it was \(what)") {
                                try await host.isWhole && TextFile.read(host.conflist) == text
                            }
                        }
                    }
                    #expect(TextFile.read("\(host.net)/20-other.conflist") == "{}")
                    #expect(TemporaryDirectory.names(in: host.net) == ["10-romana.conflist", "20-other.conflist"])
                    #expect(TemporaryDirectory.names(in: host.bin) == ["other", "romana-cni"])
                }
            }
        }

        @Test("a configuration that comes before ours is left alone and told of, as long as it is there")
        func rival() async throws {
            try await withHost { host, layout in
                try await Cluster.run(layout) { cluster in
                    let node = cluster.nodes[0]
                    try await eventually("everything is there") { try await host.isWhole }
                    let rival = "\(host.net)/05-other.conflist"
                    try TextFile.write("{}", to: rival)
                    try await eventually("it is told of") {
                        try await Self.page("metrics", of: node).contains("romana_installation_rivals 1")
                    }
                    #expect(try await Self.page("readyz", of: node).contains("05-other.conflist"))
                    #expect(TextFile.read(node.site.log)?.contains("05-other.conflist comes before") ?? false)
                    #expect(TextFile.read(rival) == "{}")
                    unlink(rival)
                    try await eventually("it is forgotten") {
                        try await Self.page("metrics", of: node).contains("romana_installation_rivals 0")
                    }
                    #expect(try await !Self.page("readyz", of: node).contains("05-other"))
                }
            }
        }
    }
}
