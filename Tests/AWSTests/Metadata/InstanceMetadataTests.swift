import HTTPTransfer
import StubServer
import Synchronization
import Testing

@testable import AWS

@Suite("What the instance says of itself")
struct InstanceMetadataTests {
    /// An instance metadata service that takes one token at a time.
    private final class Stub: Sendable {
        let pages: Mutex<[String: String]>
        let token = Mutex("t1")

        init(_ pages: [String: String]) { self.pages = Mutex(pages) }

        func answer(_ request: StubRequest) -> StubAnswer {
            let token = token.withLock { $0 }
            if request.path == "/latest/api/token" {
                let isRight = request.method == "PUT" && request[header: "x-aws-ec2-metadata-token-ttl-seconds"] != nil
                return isRight ? StubAnswer(200, token) : StubAnswer(400)
            }
            guard request[header: "x-aws-ec2-metadata-token"] == token else { return StubAnswer(401) }
            guard let page = pages.withLock({ $0[request.path] }) else { return StubAnswer(404) }
            return StubAnswer(200, page)
        }
    }

    private static let roles = "/latest/meta-data/iam/security-credentials/"

    private func metadata(
        _ server: StubServer, _ more: [String: String] = [:], patience: Duration = .seconds(2)
    ) -> InstanceMetadata {
        let variables = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "\(server.url)/"].merging(more) { $1 }
        return InstanceMetadata(
            MetadataEndpoint { variables[$0] }, http: HTTPClient(), patience: patience, pause: .milliseconds(1))
    }

    @Test("Region, VPC and keys are asked for with one token")
    func pages() async throws {
        let stub = Stub([
            "/latest/meta-data/placement/region": "eu-central-1\n", "/latest/meta-data/mac": "02:00:00:00:00:01",
            "/latest/meta-data/placement/availability-zone": "eu-central-1b",
            "/latest/meta-data/network/interfaces/macs/02:00:00:00:00:01/vpc-id": "vpc-1", Self.roles: "node\n",
            "\(Self.roles)node": """
            {"Code": "Success", "AccessKeyId": "AKID", "SecretAccessKey": "s", "Token": "t",
             "Expiration": "2026-01-01T00:00:00Z", "Type": "AWS-HMAC"}
            """,
        ])
        let server = try StubServer { stub.answer($0) }
        let metadata = metadata(server)
        #expect(try await metadata.region() == "eu-central-1")
        #expect(try await metadata.place() == InstancePlace(region: "eu-central-1", zone: "eu-central-1b"))
        #expect(try await metadata.vpcID() == "vpc-1")
        let keys = try await metadata.credentials()
        #expect(keys?.accessKeyID == "AKID" && keys?.sessionToken == "t" && keys?.expiration == 1_767_225_600)
        #expect(server.requests.count { $0.method == "PUT" } == 1)
    }

    @Test(
        "What is no token is never sent as one",
        arguments: ["", " \r\n", "t\u{1}1", "t\u{e9}1", "<html>\u{0}</html>"])
    func noToken(_ text: String) async throws {
        let stub = Stub(["/latest/meta-data/placement/region": "eu-central-1"])
        stub.token.withLock { $0 = text }
        let server = try StubServer { stub.answer($0) }
        let metadata = metadata(server)
        let error = await #expect(throws: AWSError.self) { try await metadata.region() }
        #expect(error?.code == .garbled)
        #expect(server.requests.allSatisfy { $0.method == "PUT" })
    }

    @Test(
        "What goes into names and paths is one word of plain text",
        arguments: ["", " \n", "eu central", "eu\u{e9}", "eu\u{0}", "eu-1\nus-1"])
    func noWord(_ text: String) async throws {
        let stub = Stub(["/latest/meta-data/placement/region": text, "/latest/meta-data/mac": text])
        let server = try StubServer { stub.answer($0) }
        let metadata = metadata(server)
        for ask in [{ try await metadata.region() }, { try await metadata.vpcID() }] as [() async throws -> String] {
            let error = await #expect(throws: AWSError.self) { try await ask() }
            #expect(error?.code == .garbled)
            #expect(error?.description.contains("GET \(server.url)/latest/meta-data") == true)
        }
        #expect(server.requests.count == 3)
    }

    @Test("A zone is one of its region", arguments: ["eu-central-1", "eu-west-1a"])
    func zone(_ zone: String) async throws {
        let stub = Stub([
            "/latest/meta-data/placement/region": "eu-central-1", "/latest/meta-data/placement/availability-zone": zone,
        ])
        let server = try StubServer { stub.answer($0) }
        let error = await #expect(throws: AWSError.self) { try await metadata(server).place() }
        #expect(error?.code == .garbled && error?.description.contains(zone) == true)
    }

    @Test("A token that does not come is told with what may keep it")
    func silence() async throws {
        let server = try StubServer { (connection: StubConnection) in
            _ = connection.readRequest()
            connection.waitForClose()
        }
        let error = await #expect(throws: AWSError.self) {
            try await metadata(server, patience: .milliseconds(50)).region()
        }
        #expect(error?.code == .unavailable)
        #expect(error?.description.contains("PUT \(server.url)/latest/api/token") == true)
        #expect(error?.description.contains("hop limit") == true)
        #expect(server.requests.count == 3)
    }

    @Test("An answer that is none is told with who was asked for what, and what was said")
    func words() async throws {
        let stub = Stub([:])
        let server = try StubServer { stub.answer($0) }
        let missing = await #expect(throws: AWSError.self) { try await metadata(server).region() }
        let asked = "GET \(server.url)/latest/meta-data/placement/region"
        #expect(missing?.description == "ask the instance for the region: \(asked) answers 404: it has none")
        let refusing = try StubServer { _ in StubAnswer(403) }
        let refused = await #expect(throws: AWSError.self) { try await metadata(refusing).region() }
        let said = "ask the instance for the region: PUT \(refusing.url)/latest/api/token answers 403: "
        #expect(refused?.description.hasPrefix(said) == true)
    }

    @Test("A token that is not good any more is replaced")
    func token() async throws {
        let stub = Stub(["/latest/meta-data/placement/region": "eu-central-1"])
        let server = try StubServer { stub.answer($0) }
        let metadata = metadata(server)
        _ = try await metadata.region()
        stub.token.withLock { $0 = "t2" }
        #expect(try await metadata.region() == "eu-central-1")
        #expect(server.requests.count { $0.method == "PUT" } == 2)
    }

    @Test("An instance without a role lends no keys; keys that make no sense are an error")
    func roles() async throws {
        let stub = Stub([:])
        let server = try StubServer { stub.answer($0) }
        #expect(try await metadata(server).credentials() == nil)
        stub.pages.withLock { $0 = [Self.roles: "node", "\(Self.roles)node": "{\"Code\": \"Failed\"}"] }
        let error = await #expect(throws: AWSError.self) { try await metadata(server).credentials() }
        #expect(error?.code == .garbled)
    }

    @Test("Whoever says so is not asked for keys, and gets none")
    func disabled() async throws {
        let server = try StubServer { _ in StubAnswer(500) }
        let metadata = metadata(server, ["AWS_EC2_METADATA_DISABLED": "true"])
        #expect(try await metadata.credentials() == nil)
        let error = await #expect(throws: AWSError.self) { try await metadata.region() }
        #expect(error?.code == .configuration)
        #expect(server.requests.isEmpty)
    }

    @Test("A service that fails is asked a few times, then that is the answer")
    func failing() async throws {
        let server = try StubServer { _ in StubAnswer(500) }
        let error = await #expect(throws: AWSError.self) { try await metadata(server).region() }
        #expect(error?.code == .unavailable)
        #expect(server.requests.count == 3)
    }
}
