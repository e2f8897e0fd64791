import AWS
import Duties
import StubServer
import Testbed
import Testing

extension AgainstEtcd {
    /// What the duty makes of a cloud that has a bad day, by moto and a proxy before it.
    @Test(
        .enabled(if: MotoServer.folder != nil, "\(MotoServer.absence)"), .timeLimit(.minutes(2)))
    func throttlingTimeoutsAndNonsenseAreSurvivedWithoutAskingMore() async throws {
        let folder = try TemporaryDirectory("moto")
        defer { folder.remove() }
        let moto = try await MotoServer.start(log: folder.file("log"))
        do {
            try await Self.survive(moto)
            await moto.remove()
        } catch {
            await moto.remove()
            throw error
        }
    }

    private static func survive(_ moto: MotoServer) async throws {
        let network = try await CloudNetwork.make(at: moto, zones: ["a", "b"], instancesPerZone: 2)
        let port = try #require(UInt16(moto.url.split(separator: ":").last ?? ""))
        let throttled = """
            <Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message></Error>\
            </Errors><RequestID>1</RequestID></Response>
            """
        let proxy = try FaultProxy(port: port) { _, number in
            switch number % 8 {
            case 0: .answered(503, throttled)
            case 1: .answered(503, "")
            case 2: .answered(200, "<garbage")
            case 3: .halved
            case 4: .lost
            case 5: .ignored
            default: .forwarded
            }
        }
        var timing = AWSTiming()
        timing.patience = .milliseconds(700)
        (timing.firstPause, timing.longestPause) = (.milliseconds(50), .milliseconds(400))
        let variables = [
            "AWS_ENDPOINT_URL": proxy.url, "AWS_REGION": MotoServer.region, "AWS_ACCESS_KEY_ID": "AKID",
            "AWS_SECRET_ACCESS_KEY": "secret",
        ]
        let client = EC2Client(
            AWSConfiguration(environment: { variables[$0] }, timing: timing), logger: Self.quiet)
        defer { client.shutdown() }
        try await Self.withRoutes { cluster in
            for (index, name) in ["a1", "a2", "b1", "b2"].enumerated() {
                try await cluster.host(name, node: false)
                cluster.node(name, isReady: true, instance: network.instances[index].id)
            }
            try await cluster.routing(by: client) { board in
                let clock = ContinuousClock()
                let start = clock.now
                try await eventually("there are routes", within: .seconds(90)) {
                    board.vpcRouter?.isInSync == true
                        && board.vpcRouter?.routes.count { $0.state == "installed" } == 4
                }
                let (asked, needed) = (proxy.requests.count, 2 + 4)
                print("VPC: \(asked) requests for \(needed) calls of which 6 of 8 fail, in \(clock.now - start)")
                #expect(asked < needed * 16)
                let text = try await moto.call("DescribeRouteTables")
                for prefix in ["10.1.0.0/16", "10.2.0.0/16"] {
                    #expect(text.elements("destinationCidrBlock").count { $0 == prefix } == 2)
                }
            }
        }
    }
}
