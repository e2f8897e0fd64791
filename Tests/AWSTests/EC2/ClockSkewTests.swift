import AWS
import Logging
import StubServer
import Testing
import WrittenLog

@Suite("A machine whose clock is wrong")
struct ClockSkewTests {
    private static let none = "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>"
    private static let leapDay = "Thu, 29 Feb 2024 12:00:00 GMT"

    /// The hours that requests were signed at.
    private func hours(_ stub: StubAWS) -> [String] {
        stub.server.requests.map { String($0[header: "x-amz-date"]?.prefix(11) ?? "") }
    }

    @Test(
        "AWS's time is signed with once AWS has refused the machine's",
        arguments: [
            ("RequestTimeTooSkewed", 403), ("RequestExpired", 400), ("RequestInTheFuture", 403), ("AuthFailure", 401),
            ("SignatureDoesNotMatch", 403), ("InvalidSignatureException", 403),
        ])
    func learnt(_ name: String, status: Int) async throws {
        let stub = try StubAWS([.dated(Self.leapDay, status, refusal(name)), .answer(200, Self.none)])
        let log = WrittenLog()
        let client = stub.client(logger: log.logger)
        _ = try await client.instances(ids: ["i-1"])
        // What is learnt is for all calls that follow.
        _ = try await client.instances(ids: ["i-1"])
        #expect(hours(stub).dropFirst() == ["20240229T12", "20240229T12"])
        #expect(hours(stub).first != "20240229T12")
        let scopes = stub.server.requests.map { $0[header: "authorization"]?.contains("/20240229/") }
        #expect(scopes == [false, true, true])
        let warnings = log.lines(.warning)
        #expect(warnings.count == 1 && warnings[0].contains("days ahead of that of AWS"))
    }

    @Test("Many calls at once learn it once")
    func together() async throws {
        let stub = try StubServer { request in
            request[header: "x-amz-date"]?.hasPrefix("20240229T12") == true
                ? StubAnswer(200, Self.none)
                : StubAnswer(400, refusal("RequestExpired"), headers: [("Date", Self.leapDay)])
        }
        let log = WrittenLog()
        let client = StubAWS.client(of: stub.url, logger: log.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 { group.addTask { _ = try await client.instances(ids: ["i-\(number)"]) } }
            try await group.waitForAll()
        }
        #expect(log.lines(.warning).count == 1)
    }

    @Test(
        "A refusal that does not tell the time is one of the keys",
        arguments: [nil, "yesterday", "Thu, 29 Feb 2024 12:00:00 CET"])
    func keys(_ date: String?) async throws {
        let refused = refusal("SignatureDoesNotMatch")
        let stub = try StubAWS([date.map { .dated($0, 403, refused) } ?? .answer(403, refused)])
        let log = WrittenLog()
        let error = await #expect(throws: AWSError.self) {
            try await stub.client(logger: log.logger).instances(ids: ["i-1"])
        }
        #expect(error?.code == .credentials)
        #expect(stub.forms.count == 2 && log.lines(.warning).isEmpty)
    }

    @Test("Whoever refuses every time is not asked for ever")
    func forEver() async throws {
        let stub = try StubAWS([.dated(Self.leapDay, 400, refusal("RequestExpired"))])
        let error = await #expect(throws: AWSError.self) { try await stub.client().instances(ids: ["i-1"]) }
        #expect(error?.code == .credentials && error?.name == "RequestExpired")
        #expect(stub.forms.count == 3)
    }

    @Test("Other refusals teach no time")
    func others() async throws {
        let stub = try StubAWS([
            .dated(Self.leapDay, 403, refusal("UnauthorizedOperation")), .answer(200, Self.none),
        ])
        let client = stub.client()
        await #expect(throws: AWSError.self) { try await client.instances(ids: ["i-1"]) }
        _ = try await client.instances(ids: ["i-1"])
        #expect(!hours(stub).contains("20240229T12"))
    }
}
