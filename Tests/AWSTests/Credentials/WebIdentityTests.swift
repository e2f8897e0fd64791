import HTTPTransfer
import StubServer
import Testbed
import Testing

@testable import AWS

@Suite("Web identities")
struct WebIdentityTests {
    private func source(_ stub: StubAWS, _ variables: [String: String]) throws -> WebIdentityCredentials {
        let environment: Environment = { variables[$0] }
        let endpoint = try AWSEndpoint("sts", region: "eu-central-1") { ["AWS_ENDPOINT_URL_STS": stub.url][$0] }
        return WebIdentityCredentials(environment: environment, endpoint: endpoint, http: HTTPClient())
    }

    @Test("A role is assumed with the token that the file has at the moment, unsigned")
    func role() async throws {
        let directory = try TemporaryDirectory("token")
        defer { directory.remove() }
        let stub = try StubAWS(
            """
            <AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
            <AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
            <Expiration>2026-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>
            """)
        let source = try source(
            stub,
            ["AWS_ROLE_ARN": "arn:aws:iam::1:role/a", "AWS_WEB_IDENTITY_TOKEN_FILE": directory.file("token")])
        for token in ["first", "second"] {
            try TextFile.write("\(token)\n", to: directory.file("token"))
            let keys = try await source.credentials()
            #expect(keys?.accessKeyID == "ASIA" && keys?.expiration == 1_767_225_600)
        }
        #expect(stub.forms.map { $0["WebIdentityToken"] } == ["first", "second"])
        #expect(stub.forms.allSatisfy { $0["RoleArn"] == "arn:aws:iam::1:role/a" && $0["RoleSessionName"] == "romana" })
        #expect(stub.server.requests.allSatisfy { $0[header: "authorization"] == nil })
    }

    @Test("Without a role or a file there is none; a file that cannot be read and a refusal are errors")
    func refusal() async throws {
        let directory = try TemporaryDirectory("token")
        defer { directory.remove() }
        try TextFile.write("token", to: directory.file("token"))
        let stub = try StubAWS([
            .answer(
                400,
                "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>No.</Message></Error></ErrorResponse>")
        ])
        let role = ["AWS_ROLE_ARN": "arn:aws:iam::1:role/a"]
        #expect(try await source(stub, role).credentials() == nil)
        let missing = role.merging(["AWS_WEB_IDENTITY_TOKEN_FILE": directory.file("none")]) { $1 }
        let unread = await #expect(throws: AWSError.self) { try await source(stub, missing).credentials() }
        #expect(unread?.description.contains(directory.file("none")) == true)
        let whole = role.merging(["AWS_WEB_IDENTITY_TOKEN_FILE": directory.file("token")]) { $1 }
        let refused = await #expect(throws: AWSError.self) { try await source(stub, whole).credentials() }
        #expect(refused?.description == "assume role arn:aws:iam::1:role/a: InvalidIdentityToken: No.")
        #expect(refused?.code == .credentials)
    }

    @Test(
        "An endpoint is that of the environment, else the usual one",
        arguments: [
            ([:], "eu-central-1", "https://ec2.eu-central-1.amazonaws.com/", "ec2.eu-central-1.amazonaws.com"),
            ([:], "cn-north-1", "https://ec2.cn-north-1.amazonaws.com.cn/", "ec2.cn-north-1.amazonaws.com.cn"),
            (["AWS_ENDPOINT_URL": "http://127.0.0.1:5000"], "a", "http://127.0.0.1:5000/", "127.0.0.1:5000"),
            (
                ["AWS_ENDPOINT_URL": "http://no", "AWS_ENDPOINT_URL_EC2": "https://ec2.local:443/"], "a",
                "https://ec2.local:443/", "ec2.local"
            ),
            (
                ["AWS_ENDPOINT_URL": "http://no", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"], "us-east-1",
                "https://ec2.us-east-1.amazonaws.com/", "ec2.us-east-1.amazonaws.com"
            ),
        ] as [([String: String], String, String, String)])
    func endpoints(_ variables: [String: String], _ region: String, _ url: String, _ host: String) throws {
        let endpoint = try AWSEndpoint("ec2", region: region) { variables[$0] }
        #expect(endpoint.url == url && endpoint.host == host)
    }

    @Test(
        "What is no endpoint or region is an error",
        arguments: [
            (["AWS_ENDPOINT_URL": "ftp://a"], "a"), (["AWS_ENDPOINT_URL": "http://"], "a"),
            (["AWS_ENDPOINT_URL": "http://a/b"], "a"), (["AWS_ENDPOINT_URL": "http://u:p@a"], "a"), ([:], ""),
            ([:], "evil.example/"),
        ] as [([String: String], String)])
    func noEndpoint(_ variables: [String: String], _ region: String) {
        #expect(throws: AWSError.self) { try AWSEndpoint("ec2", region: region) { variables[$0] } }
    }
}
