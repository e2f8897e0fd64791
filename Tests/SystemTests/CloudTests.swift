import AWS
import Addresses
import LinuxSystem
import Logging
import StubServer
import Testbed
import Testing

extension SystemTests {
    /// Our client of EC2 against moto's server.
    @Suite("EC2 by moto", .enabled(if: MotoServer.folder != nil, "\(MotoServer.absence)"))
    struct CloudTests {
        /// Runs `body` with moto, and removes it.
        static func withMoto<Result: Sendable>(
            routesPerTable: Int = 500, _ body: (MotoServer) async throws -> Result
        ) async throws -> Result {
            let folder = try TemporaryDirectory("moto")
            defer { folder.remove() }
            let moto = try await MotoServer.start(routesPerTable: routesPerTable, log: folder.file("log"))
            do {
                let result = try await body(moto)
                await moto.remove()
                return result
            } catch {
                await moto.remove()
                throw error
            }
        }

        static func client(_ url: String, _ more: [String: String] = [:], isDryRun: Bool = false) -> EC2Client {
            let variables = [
                "AWS_ENDPOINT_URL": url, "AWS_REGION": MotoServer.region, "AWS_ACCESS_KEY_ID": "AKID",
                "AWS_SECRET_ACCESS_KEY": "secret",
            ].merging(more) { $1 }
            return EC2Client(
                AWSConfiguration(isDryRun: isDryRun, environment: { variables[$0] }), logger: Logger(label: "test"))
        }

        @Test("finds instances, subnets and tables, and changes what duties change")
        func calls() async throws {
            try await Self.withMoto(routesPerTable: 3) { moto in
                let network = try await CloudNetwork.make(at: moto, instancesPerZone: 2)
                let client = Self.client(moto.url)
                let ids = network.instances.map(\.id)
                let instances = try await client.instances(ids: ids + ["i-00000000000000000"])
                #expect(Set(instances.map(\.id)) == Set(ids))
                #expect(instances.allSatisfy { $0.state == .running && $0.vpcID == network.id })
                for instance in network.instances {
                    let found = try #require(instances.first { $0.id == instance.id })
                    #expect(found.zone == instance.zone && found.subnetID == network.subnets[instance.zone])
                    #expect(found.networkInterfaces.map(\.id) == [instance.interface])
                    #expect(found.privateAddresses.map(\.description) == [instance.address])
                    #expect(found.networkInterfaces.allSatisfy { $0.sourceDestCheck && $0.deviceIndex == 0 })
                }
                let first = network.instances[0]
                try await Self.client(moto.url, isDryRun: true)
                    .setSourceDestCheck(false, ofNetworkInterface: first.interface)
                #expect(try await network.checkedInterfaces(at: moto).count == 6)
                try await client.setSourceDestCheck(false, ofNetworkInterface: first.interface)
                let checked = try await client.networkInterfaces(.init(vpcID: network.id, sourceDestCheck: true))
                #expect(Set(checked.map(\.id)) == Set(network.instances.dropFirst().map(\.interface)))
                #expect(Set(checked.compactMap(\.instanceID)) == Set(ids.dropFirst()))

                let subnets = try await client.subnets(.init(vpcID: network.id))
                #expect(Set(subnets.map(\.id)) == Set(network.subnets.values))
                try await Self.routes(client, network)
            }
        }

        @Test("takes keys from a web identity or the instance, and signs as AWS's own tools do")
        func credentials() async throws {
            try await Self.withMoto { moto in
                let folder = try TemporaryDirectory("identity")
                defer { folder.remove() }
                try TextFile.write("token", to: folder.file("token"))
                let instance = Self.client(
                    moto.url,
                    [
                        "AWS_ACCESS_KEY_ID": "", "AWS_REGION": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": moto.url,
                    ])
                // moto's instance is there.
                #expect(try await instance.region() == "us-east-1")
                #expect(try await !instance.subnets(.init()).isEmpty)

                let network = try await CloudNetwork.make(at: moto, zones: ["a"], instancesPerZone: 1)
                let policy = """
                    {"Version": "2012-10-17",
                     "Statement": [{"Effect": "Allow", "Action": "ec2:DescribeSubnets", "Resource": "*"}]}
                    """
                let role = try await moto.makeRole("reader", policy: policy)
                let keys = try await moto.makeUser("user", policy: policy)
                let web = Self.client(
                    moto.url,
                    [
                        "AWS_ACCESS_KEY_ID": "", "AWS_ROLE_ARN": role,
                        "AWS_WEB_IDENTITY_TOKEN_FILE": folder.file("token"),
                    ])
                // moto that demands signatures has none for what is not signed.
                #expect(try await web.subnets(.init(vpcID: network.id)).count == 1)
                try await moto.demandSignatures()
                for client in [web, Self.client(moto.url, keys.environment)] {
                    #expect(try await client.subnets(.init(vpcID: network.id)).count == 1)
                    let denied = await #expect(throws: AWSError.self) { try await client.instances(ids: ["i-1"]) }
                    #expect(denied?.code == .denied)
                }
                let forged = Self.client(moto.url, ["AWS_ACCESS_KEY_ID": keys.id, "AWS_SECRET_ACCESS_KEY": "guess"])
                let error = await #expect(throws: AWSError.self) { try await forged.subnets(.init()) }
                #expect(error?.code == .credentials)
            }
        }

        private static func routes(_ client: EC2Client, _ network: CloudNetwork) async throws {
            let subnet = try #require(network.subnets["eu-central-1a"])
            let filter = EC2RouteTableFilter(vpcID: network.id, subnetIDs: [subnet])
            let table = try #require(try await client.routeTables(filter).first)
            #expect(table.id == network.tables["eu-central-1a"] && table.subnetIDs == [subnet] && !table.isMain)
            #expect(table.routes.map(\.target) == [.local])
            let destinations = ["10.96.0.0/24", "10.96.1.0/24", "10.96.2.0/24"].map { EC2Route.Destination($0) }
            func request(_ index: Int, to instance: Int) throws -> EC2RouteRequest {
                guard case .prefix(let prefix) = destinations[index] else { throw TestbedError("no prefix") }
                return EC2RouteRequest(
                    table: table.id, destination: prefix,
                    target: .networkInterface(network.instances[instance].interface))
            }
            try await client.createRoute(try request(0, to: 0))
            try await client.createRoute(try request(1, to: 0))
            let full = await #expect(throws: AWSError.self) { try await client.createRoute(try request(2, to: 0)) }
            #expect(full?.code == .limit)
            try await client.replaceRoute(try request(1, to: 1))
            try await client.deleteRoute(destinations[0], fromTable: table.id)
            let missing = await #expect(throws: AWSError.self) {
                try await client.deleteRoute(destinations[0], fromTable: table.id)
            }
            #expect(missing?.code == .notFound)
            let routes = try #require(try await client.routeTables(filter).first).routes
            let own = routes.filter { $0.target != .local }
            #expect(own.map(\.destination) == [destinations[1]])
            guard case .networkInterface(network.instances[1].interface, _)? = own.first?.target else {
                Issue.record("the route leads to \(String(describing: own.first?.target))")
                return
            }
            #expect(own.allSatisfy { $0.state == .active && $0.origin == .request })
        }
    }
}

extension EC2Route.Destination {
    fileprivate init(_ text: String) { self = IPPrefix(text).map { .prefix($0) } ?? .unknown(text) }
}
