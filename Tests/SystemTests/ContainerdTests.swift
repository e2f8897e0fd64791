import LinuxSystem
import Testbed
import Testing

extension SystemTests {
    @Suite("containerd's own client")
    struct ContainerdTests {
        /// containerd mounts and makes device nodes, which only the machine's own root may.
        static let isRoot =
            TextFile.read("/proc/self/uid_map")?.split(separator: " ", omittingEmptySubsequences: true).dropFirst()
            .first == "0"

        /// The folder of the scripts beside these tests.
        static var scripts: String {
            String(#filePath.split(separator: "/").dropLast(2).map { "/\($0)" }.joined())
        }

        @Test(
            "gets an address from us, reaches a pod on another node and is reached, and gives the address back",
            .enabled(if: isRoot, "containerd needs the machine's root: sudo make test"))
        func container() async throws {
            try await Cluster.run(ClusterLayout(nodes: 2)) { cluster in
                let far = try await cluster.nodes[1].makePod()
                let farAddresses = try await far.add()
                let node = cluster.nodes[0]
                let containerd = try await Containerd.start(on: node, scripts: Self.scripts)
                do {
                    let log = cluster.directory.file("container.log")
                    let container = try await containerd.run("c1", ["sleep", "300"], log: log)
                    try await eventually("ctr has run the container") {
                        if let status = container.status {
                            throw TestbedError("ctr ended with \(status): \(container.said())")
                        }
                        return try await containerd.execute(["cat", "/bin/sh"], in: "c1").status.isSuccess
                    }
                    try await eventually("the container is attached") {
                        try await !node.report().attachments.isEmpty
                    }
                    let attachment = try #require(try await node.report().attachments.first)
                    #expect(attachment.addresses.count == 2)

                    let seen = try await containerd.execute(["ip", "address", "show", "eth0"], in: "c1").checked().text
                    for address in attachment.addresses {
                        #expect(seen.contains("\(address)/"), "\(seen)")
                        try await far.ping([address])
                    }
                    for address in farAddresses {
                        let ping = try await containerd.execute(["ping", "-c", "1", "-W", "3", address], in: "c1")
                        #expect(ping.status.isSuccess, "\(ping.text)\(ping.errorText)")
                    }

                    try await containerd.ctr(["task", "kill", "--signal", "KILL", "c1"]).checked()
                    await container.wait()
                    try await node.agrees()
                    await containerd.stop()
                } catch {
                    await containerd.stop()
                    throw error
                }
                try await cluster.deleteAll([(far, farAddresses)])
            }
        }
    }
}
