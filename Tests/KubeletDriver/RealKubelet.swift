import LinuxSystem
import Testbed

/// A kubelet that somebody brought along, in the place of the driver.
public struct RealKubelet: Sendable {
    /// The one that `ROMANA_KUBELET` names.
    public static let given = ProcessEnvironment.value("ROMANA_KUBELET").flatMap { $0.isEmpty ? nil : $0 }

    let program: String
    let kubeconfig: String

    /// Starts it on a machine whose containerd serves kubelets.
    func start(on machine: Machine, _ runtime: ContainerRuntime) async throws -> ChildProcess {
        let folder = "\(machine.directory)/kubelet"
        try await Program("mkdir", ["-p", folder]).text()
        try TextFile.write(
            """
            apiVersion: kubelet.config.k8s.io/v1beta1
            kind: KubeletConfiguration
            authentication:
              anonymous: {enabled: true}
              webhook: {enabled: false}
            authorization: {mode: AlwaysAllow}
            cgroupDriver: cgroupfs
            cgroupsPerQOS: false
            enforceNodeAllocatable: []
            failSwapOn: false
            resolvConf: ""

            """, to: "\(folder)/config.yaml")
        var words = [
            "--config", "\(folder)/config.yaml", "--kubeconfig", kubeconfig, "--root-dir", "\(folder)/root",
            "--hostname-override", machine.name, "--node-ip", machine.addresses[0],
            "--container-runtime-endpoint", "unix://\(runtime.socket)",
        ]
        // Before 1.24 there was another runtime, which was the default.
        let version = try await Program(program, ["--version"]).text()
        if ["v1.20.", "v1.21.", "v1.22.", "v1.23."].contains(where: { version.contains($0) }) {
            words += ["--container-runtime", "remote"]
        }
        return try await ChildProcess.start(machine.program(program, words), log: "\(folder)/log")
    }
}
