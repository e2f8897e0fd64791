import HTTPTypes
import Testing

@testable import Daemon

@Suite("what is told of routes in a VPC")
struct VPCTests {
    static let route =
        #"{"host":"n1","interface":"eni-1","prefix":"10.1.0.0/16","purpose":"p","reason":"r","since":5,"table":"rtb-1"}"#
    static let status = """
        {"holder":"n2","since":4,"vpc":"vpc-1","in_sync":true,"findings":["f"],"moves":3,
         "tables":[{"id":"rtb-1","zones":["a"],"own":1,"foreign":2,"limit":50,"out":[]}],
         "hosts":[{"name":"n1","health":"down","reason":"silent","since":6,"addresses":[]}]}
        """

    static func value(_ key: String, _ text: String) -> StoredValue {
        StoredValue(key: "/romana/routes/vpc/\(key)", value: Array(text.utf8), modRevision: 1)
    }

    @Test("records and status as they stand; what cannot be read is left out")
    func body() throws {
        let keys = ClusterKeys(prefix: "/romana")
        let body = VPCBody(
            [
                Self.value("status", Self.status), Self.value("tables/rtb-1/10.1.0.0/16", Self.route),
                Self.value("tables/rtb-1/10.2.0.0/16", "nonsense"), Self.value("other", Self.route),
            ], 9, keys: keys)
        #expect(body.routes.map(\.prefix) == ["10.1.0.0/16"] && body.revision == 9)
        #expect(body.status?.holder == "n2" && body.status?.tables.first?.limit == 50)
        #expect(VPCBody([Self.value("status", "{}")], 9, keys: keys).status == nil)
    }

    @Test("is served, also where nobody has the duty")
    func served() async throws {
        try await withAPI { client, _ in
            let answer = try await client.send(.get, "/v1/vpc")
            #expect(answer.status == 200 && answer.body.contains(#""routes":[]"#))
        }
    }
}
