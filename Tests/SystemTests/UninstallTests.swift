import Glibc
import Testbed
import Testing

extension SystemTests {
    /// `romana-agent uninstall`.
    @Suite("Uninstalling")
    struct UninstallTests {
        /// Everything about a node that an agent may have touched, as tools of the system print it.
        private struct Snapshot: Equatable {
            var parts: [String: String] = [:]

            init(of namespace: Namespace?, folders: String) async throws {
                for (name, command) in [
                    ("addresses", "ip -o address show | sed 's/ valid_lft .*//'"),
                    ("links", "ip -o -d link show | sed 's/ *promiscuity.*//'"),
                    ("rules", "ip -4 rule show; ip -6 rule show"),
                    ("routes", "ip -4 route show table all; ip -6 route show table all"),
                    ("neighbours", "ip neigh show nud permanent"), ("nft", "nft list ruleset"),
                    ("qdiscs", "tc qdisc show"),
                    (
                        "settings",
                        // Some settings can only be written, and some have no value yet: it fails for them.
                        #"{ sysctl -a 2>/dev/null || true; } | grep -E '^net\.ipv[46]\.(ip_forward|conf\.)' | grep -v stable_secret"#
                    ),
                    ("files", "cd '\(folders)' && find . | sort && find . -type f -exec sha256sum {} + | sort"),
                ] {
                    parts[name] = try await Program(
                        "bash", ["-euo", "pipefail", "-c", command], namespace: namespace?.path
                    ).text()
                }
            }

            func differences(from other: Snapshot) -> [String] {
                parts.keys.sorted().filter { parts[$0] != other.parts[$0] }.map {
                    "\($0):\n\(other.parts[$0] ?? "")-- is now --\n\(parts[$0] ?? "")"
                }
            }
        }

        private static func uninstall(
            _ cluster: Cluster, _ folders: String, _ more: [String] = []
        ) async throws -> CommandResult {
            let site = cluster.nodes[0].site
            return try await Program(
                cluster.programs.agent,
                [
                    "uninstall", "--agent-socket", site.socket, "--run-directory", site.runDirectory,
                    "--cni-bin-dir", "\(folders)/opt/cni/bin", "--cni-conf-dir", "\(folders)/etc/cni/net.d",
                ] + more, namespace: site.namespace?.path
            ).run()
        }

        @Test("leaves addresses, routes, rules, nft, settings and files as they were, whatever they were")
        func asBefore() async throws {
            let host = try TemporaryDirectory("host")
            defer { host.remove() }
            // One, since two would have the same folders.
            var layout = ClusterLayout()
            layout.agentOptions = [
                "--install-cni", "--cni-plugin", Programs.built.cni, "--cni-bin-dir", host.file("opt/cni/bin"),
                "--cni-conf-dir", host.file("etc/cni/net.d"),
            ]
            let cluster = try await Cluster.build(layout)
            do {
                let site = cluster.nodes[0].site
                // A node with a life of its own: settings off and on, rules, routes, tables and files of others.
                let own = """
                    set -e
                    sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
                    sysctl -qw net.ipv4.conf.eth0.forwarding=1 net.ipv4.conf.all.accept_redirects=0
                    sysctl -qw net.ipv6.conf.eth0.accept_ra=1
                    ip link add rom0 type bridge; ip link set rom0 up alias 'romana of somebody else'
                    ip rule add priority 100 lookup 10
                    ip route add 198.51.100.0/24 via 10.0.0.254 table 10
                    ip route add unreachable 203.0.113.0/24 proto static
                    nft add table inet other; nft add chain inet other forward
                    mkdir -p '\(host.path)/etc/cni/net.d'; echo '{}' > '\(host.path)/etc/cni/net.d/20-other.conf'
                    """
                _ = try await Program("sh", ["-c", own], namespace: site.namespace?.path).text()
                try await eventually("addresses have settled") {
                    try await !Program("ip", ["address", "show"], namespace: site.namespace?.path).text()
                        .contains("tentative")
                }
                let before = try await Snapshot(of: site.namespace, folders: host.path)
                try await cluster.start()
                let node = cluster.nodes[0]
                var pods = try await node.makePods(4)
                for pod in pods { _ = try await pod.addPersistently() }
                // One goes, the plugin's DEL leaves its link to be reaped.
                try await pods.removeLast().delete()
                try await eventually("the configuration is there") {
                    TextFile.read(host.file("etc/cni/net.d/10-romana.conflist")) != nil
                }
                let running = try await Snapshot(of: site.namespace, folders: host.path)
                for part in ["links", "rules", "routes", "nft", "settings", "files"] {
                    #expect(running.parts[part] != before.parts[part], "\(part)")
                }

                // Not under a running agent, and not under running pods.
                let early = try await Self.uninstall(cluster, host.path, ["--with-pods"])
                #expect(!early.status.isSuccess && early.errorText.contains("still runs"), "\(early.errorText)")
                await node.stopAgent()
                let timid = try await Self.uninstall(cluster, host.path)
                #expect(!timid.status.isSuccess && timid.errorText.contains("--with-pods"), "\(timid.errorText)")
                #expect(try await Snapshot(of: site.namespace, folders: host.path).parts["nft"] == running.parts["nft"])

                let whole = try await Self.uninstall(cluster, host.path, ["--with-pods"])
                #expect(whole.status.isSuccess, "\(whole.errorText)")
                let after = try await Snapshot(of: site.namespace, folders: host.path)
                #expect(after.differences(from: before).isEmpty, "\(after.differences(from: before).joined())")
                #expect(TemporaryDirectory.names(in: site.runDirectory).isEmpty && access(site.socket, F_OK) != 0)

                let again = try await Self.uninstall(cluster, host.path)
                #expect(again.status.isSuccess && again.errorText.isEmpty, "\(again.errorText)")

                // A node that was left can be taken up again.
                try await node.startAgent()
                try await node.waitUntilReady()
                await cluster.remove()
            } catch {
                let words = cluster.lastWords
                await cluster.remove()
                throw TestbedError("\(error)\n\(words)")
            }
        }

        @Test("a setting that somebody changed since is left as he wants it")
        func changedSince() async throws {
            let host = try TemporaryDirectory("host")
            defer { host.remove() }
            let cluster = try await Cluster.build(ClusterLayout())
            do {
                let site = cluster.nodes[0].site
                func shell(_ text: String) async throws -> String {
                    try await Program("sh", ["-c", text], namespace: site.namespace?.path).text()
                }
                _ = try await shell("sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0")
                try await cluster.start()
                let node = cluster.nodes[0]
                let pod = try await node.makePod()
                _ = try await pod.addPersistently()
                #expect(try await shell("sysctl -n net.ipv4.ip_forward net.ipv6.conf.all.forwarding") == "1\n1\n")
                // A second life of the agent forgets nothing.
                try await cluster.restartAgent(of: node)
                try await pod.delete()
                _ = try await shell("sysctl -qw net.ipv4.ip_forward=0; sysctl -qw net.ipv4.conf.eth0.forwarding=1")
                await node.stopAgent()
                let answer = try await Self.uninstall(cluster, host.path)
                #expect(answer.status.isSuccess, "\(answer.errorText)")
                #expect(
                    try await shell(
                        "sysctl -n net.ipv4.ip_forward net.ipv4.conf.eth0.forwarding net.ipv6.conf.all.forwarding")
                        == "0\n1\n0\n")
                await cluster.remove()
            } catch {
                let words = cluster.lastWords
                await cluster.remove()
                throw TestbedError("\(error)\n\(words)")
            }
        }
    }
}
