import AWS
import Addresses
import StubServer
import Testing

@Suite("Calls of EC2")
struct EC2ClientTests {
    private static let none = "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>"
    private static let done =
        "<ModifyNetworkInterfaceAttributeResponse><return>true</return></ModifyNetworkInterfaceAttributeResponse>"

    @Test("A call is a signed form of an action and its version")
    func form() async throws {
        let stub = try StubAWS(Self.done)
        try await stub.client(["AWS_SESSION_TOKEN": "token"]).setSourceDestCheck(false, ofNetworkInterface: "eni-1")
        #expect(
            stub.forms == [
                [
                    "Action": "ModifyNetworkInterfaceAttribute", "Version": "2016-11-15",
                    "NetworkInterfaceId": "eni-1", "SourceDestCheck.Value": "false",
                ]
            ])
        let request = try #require(stub.server.requests.first)
        #expect(request.method == "POST" && request.path == "/")
        let authorization = try #require(request[header: "authorization"])
        #expect(authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=AKID/"))
        #expect(authorization.contains("/eu-central-1/ec2/aws4_request"))
        #expect(authorization.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token"))
        #expect(request[header: "x-amz-security-token"] == "token")
    }

    @Test(
        "What passes is tried again",
        arguments: [
            [.answer(503, "<html>busy</html>")], [.answer(500, refusal("InternalError"))], [.answer(200, "")],
            [.answer(200, "<html>not AWS</html>")], [.answer(200, "<DescribeInstancesResponse><reservationSet><item>")],
            [.half("<DescribeInstancesResponse>")], [.silence], [.answer(503, refusal("RequestLimitExceeded"))],
            [.answer(400, refusal("Throttling")), .answer(502, ""), .half("<"), .answer(429, "")],
        ] as [[StubAWS.Reply]])
    func passing(_ troubles: [StubAWS.Reply]) async throws {
        let stub = try StubAWS(troubles + [.answer(200, Self.none)])
        let client = stub.client()
        #expect(try await client.instances(ids: ["i-1"]).isEmpty)
        let count = try #require(client.counts["DescribeInstances"])
        #expect(count.calls == troubles.count + 1)
        #expect(count.throttled + count.failed == troubles.count)
    }

    @Test("What does not pass is told after so many attempts")
    func lasting() async throws {
        let stub = try StubAWS([.answer(503, refusal("Unavailable", "The service is down."))])
        let client = stub.client(attempts: 3)
        let error = await #expect(throws: AWSError.self) { try await client.instances(ids: ["i-1"]) }
        #expect(error?.code == .unavailable)
        #expect(error?.description == "call DescribeInstances: Unavailable: The service is down. (request req-1)")
        #expect(client.counts["DescribeInstances"]?.calls == 3)
    }

    @Test(
        "What AWS refuses for good is told at once",
        arguments: [
            ("UnauthorizedOperation", 403, .denied), ("InvalidNetworkInterfaceID.NotFound", 400, .notFound),
            ("InvalidParameterValue", 400, .invalid), ("RouteLimitExceeded", 400, .limit),
            ("RouteAlreadyExists", 400, .exists),
        ] as [(String, Int, AWSError.Code)])
    func refused(_ name: String, _ status: Int, _ code: AWSError.Code) async throws {
        let stub = try StubAWS([.answer(status, refusal(name))])
        let client = stub.client()
        let error = await #expect(throws: AWSError.self) {
            try await client.setSourceDestCheck(false, ofNetworkInterface: "eni-1")
        }
        #expect(error?.code == code && error?.name == name)
        #expect(error?.description.hasPrefix("call ModifyNetworkInterfaceAttribute on eni-1: \(name): No.") == true)
        #expect(stub.forms.count == 1)
    }

    @Test("What AWS repeats of a signed request, which may hold a token, is in no error")
    func repetition() async throws {
        let message =
            "The signature does not match.\n\nThe Canonical String should have been\nx-amz-security-token:hush"
        let stub = try StubAWS([.answer(403, refusal("SignatureDoesNotMatch", message))])
        let error = await #expect(throws: AWSError.self) { try await stub.client().instances(ids: ["i-1"]) }
        #expect(
            error?.description
                == "call DescribeInstances: SignatureDoesNotMatch: The signature does not match. (request req-1)")
    }

    @Test(
        "What cannot be a name of AWS is none",
        arguments: [String(repeating: "A", count: 81), "No such\"thing", "\u{e9}"])
    func name(_ text: String) async throws {
        let stub = try StubAWS([.answer(400, refusal(text))])
        let error = await #expect(throws: AWSError.self) { try await stub.client().instances(ids: ["i-1"]) }
        #expect(error == AWSError(.invalid, "call DescribeInstances: status 400"))
    }

    @Test("Keys that AWS refuses are asked for once more")
    func refusedKeys() async throws {
        let stub = try StubAWS([.answer(401, refusal("AuthFailure")), .answer(200, Self.none)])
        #expect(try await stub.client().instances(ids: ["i-1"]).isEmpty)
        let refusing = try StubAWS([.answer(401, refusal("AuthFailure"))])
        let error = await #expect(throws: AWSError.self) { try await refusing.client().instances(ids: ["i-1"]) }
        #expect(error?.code == .credentials)
        #expect(refusing.forms.count == 2)
    }

    @Test("A dry run asks AWS for permission, and takes its yes for done")
    func dryRun() async throws {
        let stub = try StubAWS([
            .answer(412, refusal("DryRunOperation")), .answer(403, refusal("UnauthorizedOperation")),
        ])
        let client = stub.client(isDryRun: true)
        try await client.setSourceDestCheck(false, ofNetworkInterface: "eni-1")
        await #expect(throws: AWSError.self) {
            try await client.setSourceDestCheck(false, ofNetworkInterface: "eni-1")
        }
        #expect(stub.forms.allSatisfy { $0["DryRun"] == "true" })
    }

    @Test("Routes are made, moved and taken away, of either family and to either kind of target")
    func routes() async throws {
        let stub = try StubAWS("<CreateRouteResponse><return>true</return></CreateRouteResponse>")
        let client = stub.client()
        let (v4, v6) = (try #require(IPPrefix("10.1.0.0/16")), try #require(IPPrefix("2001:db8::/56")))
        try await client.createRoute(.init(table: "rtb-1", destination: v4, target: .networkInterface("eni-1")))
        try await client.replaceRoute(.init(table: "rtb-1", destination: v6, target: .instance("i-1")))
        try await client.deleteRoute(.prefix(v4), fromTable: "rtb-1")
        let common = ["Version": "2016-11-15", "RouteTableId": "rtb-1"]
        let expected = [
            ["Action": "CreateRoute", "DestinationCidrBlock": "10.1.0.0/16", "NetworkInterfaceId": "eni-1"],
            ["Action": "ReplaceRoute", "DestinationIpv6CidrBlock": "2001:db8::/56", "InstanceId": "i-1"],
            ["Action": "DeleteRoute", "DestinationCidrBlock": "10.1.0.0/16"],
        ]
        #expect(stub.forms == expected.map { $0.merging(common) { $1 } })
    }

    @Test("A route that is gone after an answer which did not come was deleted; otherwise it was not there")
    func deletion() async throws {
        let prefix = try #require(IPPrefix("10.1.0.0/16"))
        let gone = StubAWS.Reply.answer(400, refusal("InvalidRoute.NotFound"))
        let lost = try StubAWS([.half("<Del"), gone])
        try await lost.client().deleteRoute(.prefix(prefix), fromTable: "rtb-1")
        let missing = try StubAWS([gone])
        let error = await #expect(throws: AWSError.self) {
            try await missing.client().deleteRoute(.prefix(prefix), fromTable: "rtb-1")
        }
        #expect(error?.code == .notFound)
    }

    @Test("A call ends when its task is cancelled")
    func cancellation() async throws {
        let stub = try StubAWS([.silence])
        let client = stub.client()
        let task = Task { try await client.instances(ids: ["i-1"]) }
        while stub.forms.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        let error = await #expect(throws: AWSError.self) { try await task.value }
        #expect(error?.code == .cancelled)
    }
}
