import Addresses
import FoundationEssentials
import Policies
import Testing

@Suite struct PolicyCodingTests {
    private func read(_ json: String) throws -> Policy {
        try JSONDecoder().decode(Policy.self, from: Data(json.utf8))
    }

    private func written(_ policy: Policy) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(policy), as: UTF8.self)
    }

    @Test func aPolicyIsReadAndWrittenInTheSameShape() throws {
        let json =
            #"{"applied_to":[{"segment_id":"db","tenant_id":"shop"}],"description":"the web may ask","direction":"ingress","#
            + #""id":"db","ingress":[{"peers":[{"segment_id":"web","tenant_id":"shop"},{"cidr":"10.9.0.0/16"}],"#
            + #""rules":[{"port_ranges":[[8000,8080]],"ports":[5432],"protocol":"tcp"},{"icmp_type":8,"protocol":"icmp"}]}]}"#
        let policy = try read(json)
        #expect(policy.id == "db" && policy.direction == .ingress && policy.remark == "the web may ask")
        #expect(policy.targets == [PolicyEndpoint(tenant: "shop", segment: "db")])
        let clause = try #require(policy.clauses.first)
        #expect(clause.peers[1].cidr == IPPrefix("10.9.0.0/16"))
        #expect(clause.rules[0].ports == [5432])
        #expect(clause.rules[0].portRanges == [PolicyPortRange(first: 8000, last: 8080)])
        #expect(try written(policy) == json)
    }

    @Test func whatIsMissingOrNullIsEmpty() throws {
        let policy = try read(
            #"{"direction":"egress","ingress":[{"peers":null,"rules":[{"protocol":"ANY","ports":null}]}],"applied_to":null}"#
        )
        #expect(policy.id.isEmpty && policy.targets.isEmpty && policy.clauses[0].peers.isEmpty)
        #expect(policy.clauses[0].rules == [PolicyRule(.any)])
    }

    @Test(arguments: [
        #"{}"#, #"{"direction":"both"}"#, #"{"direction":"ingress","ingress":[{"rules":[{}]}]}"#,
        #"{"direction":"ingress","ingress":[{"rules":[{"protocol":"sctp"}]}]}"#,
        #"{"direction":"ingress","ingress":[{"rules":[{"protocol":"tcp","port_ranges":[[1]]}]}]}"#,
        #"{"direction":"ingress","ingress":[{"rules":[{"protocol":"tcp","ports":["http"]}]}]}"#,
        #"{"direction":"ingress","applied_to":[{"cidr":"10.0.0.0"}]}"#,
    ])
    func whatIsNoPolicyIsNotRead(_ json: String) {
        #expect(throws: DecodingError.self) { try read(json) }
    }
}
