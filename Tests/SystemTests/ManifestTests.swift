import CNIProtocol
import Testbed
import Testing

extension SystemTests {
    /// What the manifests in specs/ say, held against the programs.
    @Suite("Manifests")
    struct ManifestTests {
        /// What every program prints as its version.
        private static func version() async throws -> String {
            let text = try await Program(Programs.built.agent, ["--version"]).text()
            return String(text.filter { !$0.isWhitespace })
        }

        @Test("name one version of our images, that of the programs", arguments: Manifests.names)
        func images(name: String) async throws {
            let version = try await Self.version()
            for container in try Manifests.file(name).containers {
                let program = try #require(container.command.first)
                let image = program.split(separator: "-").last.map { "localhost/romana/\($0):\(version)" }
                #expect(container.image == image, "\(container.object)")
            }
        }

        @Test("take no more of their nodes than they need", arguments: Manifests.names)
        func privileges(name: String) throws {
            for object in try Manifests.file(name).objects where object.podTemplate != nil {
                let spec = try #require(object.podTemplate?["spec"])
                let isAgent = object.kind == "DaemonSet"
                #expect(spec["securityContext"]?["seccompProfile"]?["type"]?.stringValue == "RuntimeDefault")
                #expect(
                    spec["priorityClassName"]?.stringValue
                        == (isAgent ? "system-node-critical" : "system-cluster-critical"))
                #expect(["hostPID", "hostIPC"].allSatisfy { spec[$0] == nil })
                for container in object.containers {
                    let security = try #require(container.value["securityContext"])
                    #expect(security["privileged"]?.boolValue != true)
                    #expect(security["readOnlyRootFilesystem"]?.boolValue == true)
                    #expect(security["capabilities"]?["drop"] == ["ALL"])
                    let added = security["capabilities"]?["add"]
                    switch object.name {
                    case "romana-agent", "romana-uninstall": #expect(added == ["NET_ADMIN", "SYS_ADMIN", "SYS_NICE"])
                    case "romana-vpcrouter": #expect(added == ["NET_RAW"])
                    default: #expect(added == nil && security["allowPrivilegeEscalation"]?.boolValue == false)
                    }
                    // What takes the agent away serves nobody.
                    let probes = ["livenessProbe", "readinessProbe"].compactMap { container.value[$0] }
                    #expect(probes.count == (object.name == "romana-uninstall" ? 0 : 2))
                    #expect(container.value["resources"]?["requests"]?["memory"] != nil)
                    #expect(container.value["resources"]?["limits"] == nil)
                }
            }
        }

        @Test("differ where the same object stands in two files only in what the file is about")
        func agreement() throws {
            let kubeadm = try Manifests.file("romana-kubeadm.yml")
            for name in ["etcd-standalone.yaml", "romana-daemon.yaml", "romana-listener.yaml", "romana-agent.yaml"] {
                for object in try Manifests.file(name).objects {
                    let other = kubeadm.objects.first { $0.kind == object.kind && $0.name == object.name }
                    #expect(other?.value == object.value, "\(name): \(object.kind) \(object.name)")
                }
            }
        }
    }

    /// The manifests in specs/, given to a real kube-apiserver.
    @Suite(
        "Manifests at a kube-apiserver",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"))
    struct ManifestServerTests {
        /// A server has one range of addresses for Services; kops' is another than kubeadm's.
        @Test(
            "are taken, tried and for real, and so are the pods that come of them",
            arguments: [
                ("10.96.0.0/12", Manifests.names.filter { $0 != "romana-kops.yml" }),
                ("100.64.0.0/13", ["romana-kops.yml"]),
            ])
        func taken(serviceRange: String, names: [String]) async throws {
            let fabric = try await Fabric.build(nodes: 1)
            let folder = try TemporaryDirectory("kubernetes")
            let api = try await KubernetesAPIServer.prepare(on: fabric, serviceRange: serviceRange, folder: folder.path)
            do {
                try await api.start()
                for name in names {
                    let file = try Manifests.file(name)
                    #expect(!file.objects.isEmpty)
                    for object in file.objects { try await api.apply(object, isTrial: true) }
                    for object in file.objects { try await api.apply(object) }
                    for object in file.objects where object.podTemplate != nil { try await api.admitPod(of: object) }
                }
            } catch {
                await api.remove()
                throw error
            }
            await api.remove()
            await fabric.remove()
            folder.remove()
        }
    }
}
