import AWS
import StubServer
import Testbed
import Testing

extension SystemTests {
    /// The duty `aws` between a real kube-apiserver and moto's server.
    @Suite(
        "Source/destination checks",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"),
        .enabled(if: MotoServer.folder != nil, "\(MotoServer.absence)"))
    struct SourceDestTests {
        private static let (describe, modify) = ("DescribeInstances", "ModifyNetworkInterfaceAttribute")

        /// The interfaces of a VPC that have the check on, as somebody sees who may see everything.
        private static func checked(_ client: EC2Client, _ network: CloudNetwork) async throws -> Set<String> {
            let filter = EC2NetworkInterfaceFilter(vpcID: network.id, sourceDestCheck: true)
            return Set(try await client.networkInterfaces(filter).map(\.id))
        }

        private static func interfaces(_ instances: some Sequence<CloudNetwork.Instance>) -> Set<String> {
            Set(instances.map(\.interface))
        }

        @Test(
            "romana-aws.yaml: 30 nodes in 3 zones have theirs turned off, whoever leads, with the rights of the manifest and of specs/aws, and no others"
        )
        func nodes() async throws {
            try await CloudStage.run { stage in
                let manifest = try Manifests.file("romana-aws.yaml")
                for object in manifest.objects where object.podTemplate == nil {
                    try await stage.kubernetes.apply(object)
                }
                try await stage.kubernetes.writeToken(of: "romana-aws")
                let network = try await CloudNetwork.make(at: stage.moto, instancesPerZone: 10)
                let policy = try CloudPolicy("romana-aws")
                let keys = try await stage.moto.makeUser("romana-aws", policy: policy.anywhere)
                // IAM takes the file as it is, too.
                _ = try await stage.moto.makeUser("reader", policy: policy.file)
                let admin = try await stage.moto.makeUser("admin", policy: MotoServer.allowsAll)
                try await stage.moto.demandSignatures()
                let client = CloudTests.client(stage.moto.url, admin.environment)
                let (first, second) = (network.instances.prefix(15), network.instances.suffix(15))
                try await stage.makeNodes(first)
                func start(_ name: String, _ port: Int) async throws -> ChildProcess {
                    try await stage.startAgent(
                        name, manifest: "romana-aws.yaml", account: "romana-aws", port: port,
                        ["--source-dest-recheck", "5"], keys)
                }
                var agents = ["one": try await start("one", 9701)]
                agents["two"] = try await start("two", 9702)
                do {
                    try await eventually("the first nodes are let through", within: .seconds(60)) {
                        try await Self.checked(client, network) == Self.interfaces(second)
                    }
                    #expect(stage.proxy.actions[Self.modify] == 15)
                    try await Self.succession(stage, network, second, client, agents)
                    try await Self.churn(stage)
                    try await Self.recheck(stage, network, client)
                    #expect(Set(stage.proxy.actions.keys.map { "ec2:\($0)" }) == policy.actions)
                    try await Self.expectRights(of: manifest, at: stage)
                } catch {
                    let words = agents.map { "\($0.key):\n\($0.value.said())" }.joined(separator: "\n")
                    for agent in agents.values { await agent.crash() }
                    throw TestbedError("\(error)\n\(words)")
                }
                for agent in agents.values { await agent.stop() }
            }
        }

        /// Kills the leader when it has let through half of the nodes that come.
        private static func succession(
            _ stage: CloudStage, _ network: CloudNetwork, _ joining: some Sequence<CloudNetwork.Instance> & Sendable,
            _ client: EC2Client, _ agents: [String: ChildProcess]
        ) async throws {
            let leader = try await stage.holder(of: "aws")
            let name = try #require(agents.keys.first { leader.hasPrefix("\($0):") })
            let before = stage.proxy.actions[modify] ?? 0
            stage.fate.follow { [proxy = stage.proxy] request, _ in
                request.action == modify && (proxy.actions[modify] ?? 0) > before + 7 ? .ignored : .forwarded
            }
            try await stage.makeNodes(joining)
            try await eventually("the leader is in the middle", within: .seconds(60)) {
                (stage.proxy.actions[modify] ?? 0) > before + 7
            }
            await agents[name]?.crash()
            stage.fate.follow { _, _ in .forwarded }
            #expect(try await checked(client, network).count == 8)
            try await eventually("the next one finishes it", within: .seconds(60)) {
                try await checked(client, network).isEmpty
            }
            // What was done is not done again.
            #expect(stage.proxy.actions[modify] == before + 16)
            let port = name == "one" ? 9702 : 9701
            try await eventually("it says so") {
                let page = MetricPage(try await stage.page("/metrics", port: port))
                return page.samples[#"romana_aws_nodes{state="settled"}"#] == 30
            }
            let health = try await stage.page("/readyz", port: port)
            #expect(health.contains("ok source-dest-check: off at 30 of 30 nodes"), "\(health)")
        }

        /// Pods come and go: nobody calls AWS for that.
        private static func churn(_ stage: CloudStage) async throws {
            func calls() -> [String: Int] { stage.proxy.actions.filter { $0.key != "DescribeNetworkInterfaces" } }
            let before = calls()
            let pods = (1...30).map { KubernetesManifest.pod("p\($0)", in: "default", on: "none") }
            _ = try await pods.concurrently(8) { pod in
                try await stage.kubernetes.create(pod)
                try await stage.kubernetes.delete(pod)
            }
            let looks = stage.proxy.actions["DescribeNetworkInterfaces"] ?? 0
            try await eventually("the VPC is looked at once more", within: .seconds(30)) {
                (stage.proxy.actions["DescribeNetworkInterfaces"] ?? 0) > looks
            }
            #expect(calls() == before)
        }

        /// Somebody turns a check on again, which the former leader had turned off and told of.
        private static func recheck(
            _ stage: CloudStage, _ network: CloudNetwork, _ client: EC2Client
        ) async throws {
            let before = stage.proxy.actions[modify] ?? 0
            try await client.setSourceDestCheck(true, ofNetworkInterface: network.instances[0].interface)
            try await eventually("it is off again", within: .seconds(30)) {
                try await checked(client, network).isEmpty
            }
            #expect(stage.proxy.actions[modify] == before + 1)
            let events = KubernetesObject(.event, "", in: "default")
            try await eventually("its node tells of both", within: .seconds(30)) {
                let text = try await stage.kubernetes.get(events)
                return text.contains("SourceDestCheckDisabled") && text.contains(#""deprecatedCount":2"#)
            }
        }

        /// All that the manifest's role allows was used, and nothing else asked for.
        private static func expectRights(of manifest: ManifestFile, at stage: CloudStage) async throws {
            let role = try #require(manifest.objects.first { $0.kind == "ClusterRole" })
            try await eventually("all that the role allows is used", within: .seconds(30)) {
                try stage.kubernetes.audit().uses["romana-aws", default: []].isSuperset(of: role.grants)
            }
            let audit = try stage.kubernetes.audit()
            #expect(audit.refusals.isEmpty)
            #expect(audit.uses["romana-aws"] == role.grants)
        }

        @Test("A day on which AWS throttles, fails, answers nonsense, halves and nothing is survived, with few calls")
        func badDay() async throws {
            try await CloudStage.run { stage in
                let manifest = try Manifests.file("romana-aws.yaml")
                for object in manifest.objects where object.podTemplate == nil {
                    try await stage.kubernetes.apply(object)
                }
                try await stage.kubernetes.writeToken(of: "romana-aws")
                let network = try await CloudNetwork.make(at: stage.moto, instancesPerZone: 4)
                let client = CloudTests.client(stage.moto.url)
                let throttled = """
                    <Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message>\
                    </Error></Errors><RequestID>r</RequestID></Response>
                    """
                stage.fate.follow { _, number in
                    switch number % 8 {
                    case 0: .answered(503, throttled)
                    case 1: .answered(503, "<html><body>Service Unavailable</body></html>")
                    case 2: .answered(200, "<DescribeInstancesResponse><reservationSet><item></reservationSet>")
                    case 3: .halved
                    case 4: .lost
                    case 5: number == 13 ? .ignored : .answered(500, "")
                    default: .forwarded
                    }
                }
                try await stage.makeNodes(network.instances.prefix(9))
                let agent = try await stage.startAgent(
                    "one", manifest: "romana-aws.yaml", account: "romana-aws", port: 9701,
                    ["--source-dest-recheck", "0"], MotoServer.Keys(id: "AKID", secret: "s"))
                do {
                    try await eventually("all is done all the same", within: .seconds(240), every: .milliseconds(200)) {
                        try await Self.checked(client, network) == Self.interfaces(network.instances.suffix(3))
                    }
                    // 10 calls are needed, of which one in four comes through.
                    #expect(stage.proxy.requests.count < 150, "\(stage.proxy.actions)")
                    let before = stage.proxy.requests.count
                    stage.fate.follow { _, _ in .answered(503, throttled) }
                    try await stage.makeNodes(network.instances.suffix(3))
                    try await Task.sleep(for: .seconds(20))
                    // Five attempts at a time, and pauses that grow.
                    #expect((2...20).contains(stage.proxy.requests.count - before))
                    let page = try await stage.page("/readyz", port: 9701)
                    #expect(page.hasPrefix("ok\n") && page.contains("warning source-dest-check: "), "\(page)")
                    #expect(page.contains("RequestLimitExceeded"), "\(page)")
                    stage.fate.follow { _, _ in .forwarded }
                    try await eventually("AWS answers again", within: .seconds(240), every: .milliseconds(200)) {
                        try await Self.checked(client, network).isEmpty
                    }
                    #expect(agent.status == nil)
                } catch {
                    let words = agent.said()
                    await agent.crash()
                    throw TestbedError("\(error)\n\(stage.proxy.actions)\n\(words)")
                }
                await agent.stop()
            }
        }
    }
}
