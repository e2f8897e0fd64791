import AWS
import Addresses
import ArgumentParser
import StubServer
import Testbed
import Testing
import Topology

@testable import Daemon

@Suite struct FirstTopologyTests {
    private func choice(
        file: String? = nil, cloud: String? = nil, service: String? = nil, overrides: String? = nil,
        region: String? = nil, zones: String? = nil
    ) throws -> FirstTopology {
        try FirstTopology(
            file: file, cloud: cloud, kubernetesService: service, overrides: overrides, region: region, zones: zones)
    }

    /// The metadata of an instance that has no other path than those AWS documents for the second version.
    private func metadata(region: String, zone: String) throws -> StubServer {
        try StubServer { request in
            let isToken = request.method == "PUT" && request.path == "/latest/api/token"
            if isToken, request[header: "x-aws-ec2-metadata-token-ttl-seconds"] != nil { return StubAnswer(200, "T") }
            guard request.method == "GET", request[header: "x-aws-ec2-metadata-token"] == "T" else {
                return StubAnswer(401)
            }
            switch request.path {
            case "/latest/meta-data/placement/region": return StubAnswer(200, region)
            case "/latest/meta-data/placement/availability-zone": return StubAnswer(200, zone + "\n")
            default: return StubAnswer(404)
            }
        }
    }

    private func instance(_ url: String) -> InstanceMetadata {
        let variables = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": url + "/"]
        return InstanceMetadata(MetadataEndpoint { variables[$0] }, pause: .milliseconds(1))
    }

    private static let nowhere = "http://127.0.0.1:1"

    @Test func kubeadmIsKnownByItsServiceAddress() throws {
        guard case .document(let plain) = try choice(service: "10.96.0.1") else { throw TestbedError("no document") }
        #expect(plain.source == "built-in kubeadm" && plain.warnings.isEmpty)
        #expect(plain.document.networks.map(\.cidr.description) == ["10.112.0.0/12"])
        let overrides = "romana-network=10.32.0.0/12,other=10.0.0.0/8"
        guard case .document(let moved) = try choice(service: "10.96.0.1", overrides: overrides) else {
            throw TestbedError("no document")
        }
        #expect(moved.document.networks.map(\.cidr.description) == ["10.32.0.0/12"])
        #expect(moved.warnings.count == 1 && moved.warnings[0].contains("other"))
    }

    @Test(
        arguments: [
            (["--cidr=10.192.0.0/12"], 256, "10.192.0.0/20", "10.207.240.0/20"),
            (["--cidr", "10.192.0.0/12", "--nodes", "3"], 3, "10.192.0.0/14", "10.200.0.0/14"),
            (["--cidr", "fd00:10::/64", "--nodes", "16"], 16, "fd00:10::/68", "fd00:10:0:0:f000::/68"),
        ] as [([String], Int, String, String)])
    func aCIDRAndANumberOfNodesMakeAFlatOne(
        _ arguments: [String], groups: Int, first: String, last: String
    ) throws {
        let environment = DaemonEnvironment(["KUBERNETES_SERVICE_HOST": "10.96.0.1"])
        let read = try DaemonCommand.parse(arguments).configuration(in: environment)
        guard case .document(let flat) = read.topology else { throw TestbedError("no document") }
        let leaves = TopologyOutline(flat.document).networks[0].groups ?? []
        #expect(leaves.count == groups)
        #expect(leaves.first?.cidr.description == first && leaves.last?.cidr.description == last)
    }

    @Test(
        arguments: [
            (["--namespaces=16"], "leave it out"), (["--segments", "16"], "leave it out"),
            (["--nodes", "4"], "--cidr"), (["--cidr", "10.0.0.0/8", "--nodes", "0"], "one at least"),
            (["--cidr", "10.0.0.0/8", "--cloud", "aws"], "--cloud"),
            (["--cidr", "10.0.0.0/8", "--network-cidr-overrides=a=10.0.0.0/9"], "--network-cidr-overrides"),
            (["--cidr", "10.0.0.0"], "no CIDR"),
            (["--cidr", "10.0.0.0/24"], "10.0.0.0/"), (["--cidr", "10.96.0.0/11"], "10.96.0.0/12"),
            (["--cidr", "10.0.0.0/8", "--nodes", "70000"], "65536"),
            (["--api-server", "http://127.0.0.1:8080"], "--kubernetes-api"), (["--interface", "nope0"], "nope0"),
        ])
    func whatMakesNoSenseIsRefusedWithTheReason(_ arguments: [String], reason: String) {
        let environment = DaemonEnvironment(["KUBERNETES_SERVICE_HOST": "10.96.0.1"])
        do {
            _ = try DaemonCommand.parse(arguments).configuration(in: environment)
            Issue.record("\(arguments) are taken")
        } catch {
            let message = DaemonCommand.message(for: error)
            #expect((message + "\(error)").contains(reason), "\(message)")
        }
    }

    @Test func aFlatOneMayBeSaidByVariables() throws {
        let variables = ["ROMANA_DAEMON_CIDR": "10.192.0.0/12", "ROMANA_DAEMON_NODES": "4"]
        for (arguments, groups) in [([], 4), (["--nodes", "2"], 2)] {
            let read = try DaemonCommand.parse(arguments).configuration(in: DaemonEnvironment(variables))
            guard case .document(let flat) = read.topology else { throw TestbedError("no document") }
            #expect(TopologyOutline(flat.document).networks[0].groups?.count == groups)
        }
    }

    @Test(
        arguments: [
            (["--cloud", "aws"], ["CIDR": "10.0.0.0/8"], "--cloud"),
            (["--cidr", "10.0.0.0/8"], ["INITIAL_NETWORK": "/nonexistent"], "--initial-network"),
            ([], ["CIDR": "10.0.0.0/8", "NETWORK_CIDR_OVERRIDES": "a=10.0.0.0/9"], "--network-cidr-overrides"),
            ([], ["NODES": "4"], "--cidr"), ([], ["CIDR": "10.0.0.0/8", "NODES": "x"], "ROMANA_DAEMON_NODES"),
            ([], ["CIDR": "10.0.0.0/8", "NODES": "0"], "ROMANA_DAEMON_NODES"),
        ] as [([String], [String: String], String)])
    func whatVariablesSayIsRefusedLikeOptions(
        _ arguments: [String], variables: [String: String], reason: String
    ) throws {
        let environment = DaemonEnvironment(
            Dictionary(uniqueKeysWithValues: variables.map { ("ROMANA_DAEMON_\($0.key)", $0.value) }))
        let command = try DaemonCommand.parse(arguments)
        let error = #expect(throws: DaemonError.self) { try command.configuration(in: environment) }
        #expect(error.map { "\($0)".contains(reason) } ?? false, "\(error.map { "\($0)" } ?? "")")
    }

    @Test func otherClustersWaitForATopology() throws {
        for service in [nil, "10.0.0.1"] as [String?] {
            guard case .none(let reason) = try choice(service: service) else { throw TestbedError("there is one") }
            #expect(reason.contains("--initial-network"))
        }
    }

    @Test func aFileComesBeforeEverything() throws {
        let directory = try TemporaryDirectory("topology")
        defer { directory.remove() }
        let path = directory.file("topology.json")
        try Testbed.TextFile.write(Documents.flat, to: path)
        guard case .document(let read) = try choice(file: path, cloud: "aws", service: "10.96.0.1") else {
            throw TestbedError("no document")
        }
        #expect(read.source == path && read.document.networks.map(\.name) == ["net"])
    }

    @Test(
        arguments: [
            (nil, "moon", nil, nil, nil), (nil, nil, "a", nil, nil), (nil, nil, "a=b", nil, nil),
            (nil, nil, "=10.0.0.0/8", nil, nil), (nil, nil, "a=10.0.0.0/8=9", nil, nil),
            (nil, nil, "a=10.0.0.0/8,", nil, nil), ("/no/such.json", nil, nil, nil, nil),
            (nil, "aws", nil, "us-east-1", "eu-west-1a"), (nil, "aws", nil, "us-east-1", "a,a"),
        ] as [(String?, String?, String?, String?, String?)])
    func flagsThatCannotBeAreRefused(
        file: String?, cloud: String?, overrides: String?, region: String?, zones: String?
    ) {
        #expect(throws: DaemonError.self) {
            try choice(
                file: file, cloud: cloud, service: "10.96.0.1", overrides: overrides, region: region, zones: zones)
        }
    }

    @Test func regionAndZonesAreTakenAsGiven() async throws {
        let aws = try choice(cloud: "aws", region: "eu-central-1", zones: "eu-central-1a,b")
        let initial = try #require(try await aws.resolve(instance(Self.nowhere)))
        #expect(initial.source == "built-in aws eu-central-1" && initial.warnings.isEmpty)
        let leaves = try #require(initial.document.tree(of: "romana-network")?.leaves)
        #expect(Set(leaves.map { $0.assignment["topology.kubernetes.io/zone"] }) == ["eu-central-1a", "eu-central-1b"])
    }

    @Test(arguments: ["aws", nil] as [String?]) func theInstanceTellsItsRegionAndZone(_ cloud: String?) async throws {
        let server = try metadata(region: "ap-northeast-1", zone: "ap-northeast-1d")
        let aws = try choice(cloud: cloud, service: cloud == nil ? "100.64.0.1" : nil)
        let initial = try #require(try await aws.resolve(instance(server.url)))
        #expect(server.requests.map(\.method) == ["PUT", "GET", "GET"])
        let leaves = try #require(initial.document.tree(of: "romana-network")?.leaves)
        let zones = Set(leaves.compactMap { $0.assignment["topology.kubernetes.io/zone"] }).sorted()
        #expect(zones == ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"])
        #expect(initial.warnings.count == 1 && initial.warnings[0].contains("--aws-zones"))
        server.stop()
    }

    @Test func aZoneThatNobodyKnewOfIsAmongThem() async throws {
        let server = try metadata(region: "mars-north-1", zone: "mars-north-1k")
        let initial = try #require(try await choice(cloud: "aws").resolve(instance(server.url)))
        #expect(initial.warnings[0].contains("mars-north-1a, mars-north-1b, mars-north-1c, mars-north-1k"))
        server.stop()
    }

    @Test(arguments: ["", "us-east-1", "no region", "no-region\u{1}"]) func nonsenseIsNotTakenForAPlace(
        _ region: String
    )
        async throws
    {
        let server = try metadata(region: region, zone: "eu-west-1a")
        await #expect(throws: DaemonError.self) { try await choice(cloud: "aws").resolve(instance(server.url)) }
        server.stop()
    }

    @Test func anInstanceThatCannotBeAskedIsSaid() async throws {
        let error = await #expect(throws: DaemonError.self) {
            try await choice(cloud: "aws").resolve(instance(Self.nowhere))
        }
        #expect(error?.kind == .unavailable)
        #expect(error?.details.contains("PUT \(Self.nowhere)/latest/api/token") == true)
        #expect(error?.details.contains("--aws-region") == true)
        // A region that was given is enough.
        let initial = try await choice(cloud: "aws", region: "us-east-1").resolve(instance(Self.nowhere))
        #expect(initial?.document.tree(of: "romana-network")?.groups.count == 6)
    }

    @Test func theInstanceIsAskedWhereAWSsOwnToolsAskIt() throws {
        let environment = DaemonEnvironment(["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://10.0.0.1:8080/"])
        let read = try DaemonCommand.parse([]).configuration(in: environment)
        #expect(read.metadata.url == "http://10.0.0.1:8080")
    }
}
