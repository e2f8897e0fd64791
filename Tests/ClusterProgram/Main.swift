import Glibc
import KubeletDriver
import LinuxSystem
import Testbed

/// `make cluster`: a Kubernetes cluster on this machine with Romana as its pod network, until somebody ends it.
@main
struct Main {
    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.count == 1 else {
            StandardError.print("usage: romana-cluster MANIFEST (see Tests/cluster.sh)")
            exit(2)
        }
        do {
            try await run(manifest: words[0])
        } catch {
            StandardError.print("\(error)")
            exit(1)
        }
    }

    private static func run(manifest path: String) async throws {
        guard let manifest = TextFile.read(path) else { throw TestbedError("cannot read \(path)") }
        var layout = KubernetesCluster.Layout()
        layout.kubelet = ProcessEnvironment.value("KUBELET").flatMap { $0.isEmpty ? nil : $0 }
        layout.images = (ProcessEnvironment.value("IMAGES") ?? "").split(separator: " ").map { String($0) }
        say("etcd, kube-apiserver and \(layout.nodes) nodes")
        let cluster = try await KubernetesCluster.start(layout)
        do {
            say("kubectl apply -f \(path)")
            try await cluster.install(manifest)
            try await cluster.untilRolledOut("romana-agent", in: "kube-system")
            try await cluster.untilNodesAreReady()
        } catch {
            let words = await cluster.lastWords()
            throw TestbedError("\(error)\n\(words)")
        }
        // What Tests/cluster.sh looks for.
        var lines = ["kubeconfig \(cluster.kubeconfig)", "fabric \(cluster.fabric.namespace.path)"]
        lines += cluster.machines.map { "\($0.name) \($0.pid)" }
        lines += cluster.drivers.map { "containerd \($0.machine.name) \($0.runtime.socket)" }
        try TextFile.write(lines.joined(separator: "\n") + "\n", to: "/run/cluster")
        say("up")
        while true { try await Task.sleep(for: .seconds(3600)) }
    }

    /// Unbuffered, so that whoever follows the log sees it at once.
    private static func say(_ line: String) { StandardError.print(line) }
}
