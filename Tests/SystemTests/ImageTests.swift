import CNIProtocol
import LinuxSystem
import Testbed
import Testing

extension SystemTests {
    /// What `make images` makes, from the programs that these tests were built with.
    @Suite("Images")
    struct ImageTests {
        private static var root: String { "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") }

        /// Makes images as `make images` does.
        static func make(_ component: String, in folder: String, _ more: [String: String] = [:]) async throws {
            let programs = Programs.built
            let path = programs.agent.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            var environment = [
                "PATH": ProcessEnvironment.value("PATH") ?? "/usr/bin:/bin", "PROGRAMS": path.joined(separator: "/"),
                "PLUGIN": programs.cni, "COMPONENTS": component, "COMPRESSION": "1",
            ]
            environment.merge(more) { $1 }
            try await Program("\(root)/containerize/images.sh", [folder], environment: environment).text()
        }

        @Test("have the same bytes when they are made again, and say what is in them")
        func reproducible() async throws {
            let folder = try TemporaryDirectory("images")
            defer { folder.remove() }
            for name in ["one", "two"] {
                try await Self.make(
                    "etcd", in: folder.file(name), ["TAG": "v1.2", "REGISTRY": "registry.test/romana-"])
            }
            try await Program(
                "cmp", [folder.file("one/etcd-v1.2.tar"), folder.file("two/etcd-v1.2.tar")]
            ).text()
            let index = try await Program("tar", ["-xOf", folder.file("one/etcd-v1.2.tar"), "index.json"]).text()
            #expect(index.contains(#""io.containerd.image.name":"registry.test/romana-etcd:v1.2""#))
            let contents = try JSONValue(parsing: try #require(TextFile.read(folder.file("one/etcd-amd64.spdx.json"))))
            #expect(contents["spdxVersion"] == "SPDX-2.3")
            let packages = (contents["packages"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
            #expect(Set(packages) == ["romana-etcd", "etcd-server", "libc6", "ca-certificates"])
            let manifest = try #require(TextFile.read(folder.file("one/specs/romana-kubeadm.yml")))
            #expect(manifest.contains("image: registry.test/romana-agent:v1.2"))
        }

        @Test("are refused a tag that no registry takes", arguments: ["", "-x", ".x", "a b", "a/b", "é"])
        func tag(tag: String) async throws {
            let folder = try TemporaryDirectory("images")
            defer { folder.remove() }
            let script = Program(
                "\(Self.root)/containerize/allthethings", ["--compile=no", "--tag=\(tag)", "--build=yes"])
            // An empty one is none.
            if !tag.isEmpty { #expect(try await !script.run().status.isSuccess) }
        }

        @Test(
            "serve the node from containerd, with the rights of the manifest and no more",
            .enabled(if: ContainerdTests.isRoot, "containerd needs the machine's root: sudo make test"))
        func agent() async throws {
            let manifest = try #require(try Manifests.file("romana-agent.yaml").containers.first)
            try await Cluster.run(ClusterLayout(nodes: 2)) { cluster in
                let folder = cluster.directory.file("images")
                try await Self.make("agent", in: folder)
                let node = cluster.nodes[0]
                let before = try await node.makePod()
                let earlier = try await before.add()
                await node.stopAgent()
                // The next one has to do it again.
                let settings = Self.forwarding.map { "\($0)=0" }
                try await Program("sysctl", ["-q", "-w"] + settings, namespace: node.site.namespace?.path).text()

                for folder in ["plugins", "networks"] {
                    try FileSystem.makeDirectory("\(node.site.directory)/\(folder)")
                }
                let containerd = try await Containerd.start(on: node, scripts: ContainerdTests.scripts)
                var agent: ChildProcess?
                do {
                    let archives = try FileSystem.listDirectory(folder).filter { $0.hasSuffix(".tar") }
                    let image = try await containerd.load("\(folder)/\(try #require(archives.first))")
                    #expect(image == manifest.image)
                    let container = try await containerd.runOnNode(
                        "agent", of: image, options: Self.options(of: manifest, on: node),
                        manifest.command + node.program.arguments + manifest.arguments + [
                            "--run-directory", "/run/romana/run", "--agent-socket", "/run/romana/agent.sock",
                        ], log: cluster.directory.file("container.log"))
                    agent = container
                    try await Self.untilReady(node, container)
                    try await Self.expectRights(of: containerd)
                    try await Self.expectInstallation(on: node)
                    try await Self.servesPods(on: cluster, besides: (before, earlier))
                    try await containerd.ctr(["task", "kill", "--signal", "TERM", "agent"]).checked()
                    await container.wait()
                    try await Self.leaves(
                        node, of: containerd, image: image, log: cluster.directory.file("uninstall.log"))
                } catch {
                    let words = agent?.said() ?? ""
                    await Self.end(containerd, agent)
                    throw TestbedError("\(error)\n\(words)")
                }
                await Self.end(containerd, agent)
            }
        }

        private static func end(_ containerd: Containerd, _ agent: ChildProcess?) async {
            _ = try? await containerd.ctr(["task", "kill", "--signal", "TERM", "agent"])
            await agent?.stop()
            await containerd.stop()
        }

        /// The container as the kubelet has it made of the manifest, with the folders of a test's node.
        private static func options(of manifest: ManifestContainer, on node: Node) throws -> [String] {
            let security = try #require(manifest.value["securityContext"])
            var options = ["--seccomp"]
            if security["readOnlyRootFilesystem"]?.boolValue == true { options.append("--read-only") }
            // ctr knows no word for all of those that it gives.
            for name in [
                "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP",
                "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE",
            ] {
                options += ["--cap-drop", "CAP_\(name)"]
            }
            for name in security["capabilities"]?["add"]?.arrayValue ?? [] {
                options += ["--cap-add", "CAP_\(try #require(name.stringValue))"]
            }
            for variable in manifest.value["env"]?.arrayValue ?? [] {
                guard let name = variable["name"]?.stringValue, let value = variable["value"]?.stringValue else {
                    continue
                }
                options += ["--env", "\(name)=\(value)"]
            }
            let sources = [
                "/run/romana": node.site.directory, "/host/proc/sys/net": "/proc/sys/net",
                "/opt/cni/bin": "\(node.site.directory)/plugins", "/etc/cni/net.d": "\(node.site.directory)/networks",
            ]
            for mount in manifest.value["volumeMounts"]?.arrayValue ?? [] {
                guard let path = mount["mountPath"]?.stringValue, let source = sources[path] else { continue }
                options += ["--mount", "type=bind,src=\(source),dst=\(path),options=rbind:rw"]
            }
            return options
        }

        private static func untilReady(_ node: Node, _ container: ChildProcess) async throws {
            try await eventually("the agent in its container is ready", within: .seconds(60)) {
                if let status = container.status { throw TestbedError("ctr ended with \(status)") }
                return try await node.isReady()
            }
        }

        private static func expectRights(of containerd: Containerd) async throws {
            let id = try #require(try await containerd.processID(of: "agent"))
            let status = try #require(TextFile.read("/proc/\(id)/status"))
            let lines = status.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
            func value(_ name: String) -> String? { lines.first { $0.first == "\(name):" }?.last }
            // NET_ADMIN (12), SYS_ADMIN (21), SYS_NICE (23).
            #expect(value("CapEff").flatMap { UInt64($0, radix: 16) } == 1 << 12 | 1 << 21 | 1 << 23)
            #expect(value("Seccomp") == "2")
        }

        /// The plugin of the image starts on the node, and its configuration comes after it.
        private static func expectInstallation(on node: Node) async throws {
            let plugin = "\(node.site.directory)/plugins/romana-cni"
            try await eventually("the agent has installed the plugin's configuration") {
                FileSystem.fileExists("\(node.site.directory)/networks/10-romana.conflist")
            }
            let answer = try await Program(plugin, environment: ["CNI_COMMAND": "VERSION"])
                .text(input: #"{"cniVersion": "1.0.0"}"#)
            #expect(answer.contains("supportedVersions"))
        }

        /// The container of romana-uninstall.yml, which takes away what the agent left, and stays.
        private static func leaves(
            _ node: Node, of containerd: Containerd, image: String, log: String
        ) async throws {
            let manifest = try #require(try Manifests.file("romana-uninstall.yml").containers.first)
            let container = try await containerd.runOnNode(
                "uninstall", of: image, options: Self.options(of: manifest, on: node),
                manifest.command + manifest.arguments + [
                    "--run-directory", "/run/romana/run", "--agent-socket", "/run/romana/agent.sock",
                ], log: log)
            try await eventually("the node is as it was") {
                if let status = container.status { throw TestbedError("ctr ended with \(status): \(container.said())") }
                return container.said().contains("the node is as it was")
            }
            for file in ["plugins/romana-cni", "networks/10-romana.conflist"] {
                #expect(!FileSystem.fileExists("\(node.site.directory)/\(file)"))
            }
            let rules = try await Program("nft", ["list", "ruleset"], namespace: node.site.namespace?.path).text()
            #expect(rules.isEmpty)
            try await containerd.ctr(["task", "kill", "--signal", "TERM", "uninstall"]).checked()
            #expect(await container.wait().isSuccess)
        }

        private static let forwarding = ["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"]

        /// Pods of before and new ones, settings of the node and of a pod, which /proc/sys of the container is not for.
        private static func servesPods(on cluster: Cluster, besides earlier: (Pod, [String])) async throws {
            let node = cluster.nodes[0]
            let far = try await cluster.nodes[1].makePod()
            let farAddresses = try await far.add()
            let pod = try await node.makePod()
            // As some runtimes make them.
            for scope in ["all", "default"] {
                try await Program(
                    "sysctl", ["-q", "-w", "net.ipv6.conf.\(scope).disable_ipv6=1"], namespace: pod.namespace.path
                ).text()
            }
            let addresses = try await pod.add()
            #expect(addresses.count == 2)
            try await pod.ping(farAddresses)
            try await far.ping(addresses)
            try await far.ping(earlier.1)
            for setting in forwarding {
                let value = try await Program("sysctl", ["-n", setting], namespace: node.site.namespace?.path).text()
                #expect(value.first == "1")
            }
            try await cluster.deleteAll([(far, farAddresses), (pod, addresses), earlier])
        }
    }
}
