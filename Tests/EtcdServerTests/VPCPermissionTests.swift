import AWS
import Duties
import Etcd
import StubServer
import Testbed
import Testing

extension AgainstEtcd {
    /// specs/aws/romana-vpcrouter.json against the calls that are made, by moto, which asks for signatures.
    @Test(
        .enabled(if: MotoServer.folder != nil, "\(MotoServer.absence)"), .timeLimit(.minutes(2)))
    func thePolicyOfVPCRouterAllowsWhatIsCalledAndNothingElse() async throws {
        let folder = try TemporaryDirectory("moto")
        defer { folder.remove() }
        let moto = try await MotoServer.start(log: folder.file("log"))
        do {
            try await Self.callEverything(moto)
            await moto.remove()
        } catch {
            await moto.remove()
            throw error
        }
    }

    private static func callEverything(_ moto: MotoServer) async throws {
        let network = try await CloudNetwork.make(at: moto, zones: ["a", "b"], instancesPerZone: 2)
        let policy = try CloudPolicy("romana-vpcrouter")
        let keys = try await moto.makeUser("vpcrouter", policy: policy.anywhere)
        try await moto.demandSignatures()
        let proxy = try FaultProxy(port: try #require(UInt16(moto.url.split(separator: ":").last ?? ""))) { _, _ in
            .forwarded
        }
        let variables = keys.environment.merging(["AWS_ENDPOINT_URL_EC2": proxy.url]) { $1 }
        let client = EC2Client(AWSConfiguration(environment: { variables[$0] }), logger: quiet)
        defer { client.shutdown() }
        try await withRoutes { cluster in
            for (index, name) in ["a1", "a2", "b1", "b2"].enumerated() {
                try await cluster.host(name, node: false)
                cluster.node(name, isReady: true, instance: network.instances[index].id)
            }
            try await cluster.routing(by: client) { board in
                func installed() -> [VPCReport.Route] {
                    (board.vpcRouter?.routes ?? []).filter { $0.state == "installed" }
                }
                try await eventually("there are routes", within: .seconds(30)) { installed().count == 4 }
                try await cluster.silence("a1")
                try await eventually("a2 has them all", within: .seconds(30)) {
                    installed().count { $0.host == "a2" } == 2
                }
                for name in ["b1", "b2"] { try await cluster.etcd.delete("/r/hosts/\(name)") }
                try await eventually("the others' are gone", within: .seconds(30)) {
                    try await cluster.records().count == 2
                }
            }
            // Without the API hosts are looked for by their addresses, which nobody has here.
            var settings = cluster.settings
            settings.vpcID = network.id
            try await cluster.routing(settings, as: "other", hasKubernetes: false, by: client) { board in
                try await eventually("it has looked", within: .seconds(30)) {
                    board.vpcRouter?.findings.contains { $0.contains("no host has an instance") } ?? false
                }
            }
        }
        #expect(Set(proxy.actions.keys.map { "ec2:\($0)" }) == policy.actions)
    }
}
