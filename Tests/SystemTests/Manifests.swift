import Testbed

/// The manifests in specs/.
enum Manifests {
    /// The folder that has them.
    static var folder: String { "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/specs" }

    /// All of them, by name.
    static let names = [
        "etcd-service.yaml", "etcd-standalone.yaml", "romana-agent.yaml", "romana-aws.yaml",
        "romana-daemon-custom-network.yaml", "romana-daemon.yaml", "romana-daemonset.yml", "romana-kops.yml",
        "romana-kubeadm.yml", "romana-listener.yaml", "romana-uninstall.yml", "romana-vpcrouter.yaml",
    ]

    /// One of them.
    static func file(_ name: String) throws(TestbedError) -> ManifestFile { try ManifestFile("\(folder)/\(name)") }
}
