import HTTPTypes
import Testing

@testable import Daemon

@Suite struct PolicyRouteTests {
    static let db =
        #"{"applied_to":[{"segment_id":"db","tenant_id":"shop"}],"direction":"ingress","id":"shop.db","#
        + #""ingress":[{"peers":[{"segment_id":"web","tenant_id":"shop"}],"rules":[{"ports":[5432],"protocol":"tcp"}]}]}"#

    @Test func aPolicyComesIsShownAndGoes() async throws {
        let store = MemoryStore()
        try await withAPI(on: store) { client, _ in
            #expect(try await client.send(.get, "/policies").body == "[]")
            let added = try await client.send(.post, "/policies", Self.db)
            #expect(added.status == 200 && added.body == "null")
            #expect(store.value("/romana/policies/shop.db") == Array(Self.db.utf8))
            #expect(try await client.send(.get, "/policies").body == "[\(Self.db)]")
            for path in ["/policies/shop.db", "/v1/policies/shop.db"] {
                #expect(try await client.send(.get, path).body == Self.db)
            }
            #expect(
                try await client.send(.get, "/v1/policies").body.hasPrefix(#"{"policies":[\#(Self.db)],"revision":"#))
            #expect(try await client.send(.delete, "/policies/shop.db").body == "null")
            #expect(try await client.send(.delete, "/policies/shop.db").status == 404)
            #expect(try await client.send(.get, "/policies").body == "[]")
        }
    }

    @Test func aPolicyOfTheSameIDTakesItsPlace() async throws {
        try await withAPI { client, _ in
            _ = try await client.send(.post, "/v1/policies", Self.db)
            let other = Self.db.replacing("5432", with: "3306")
            #expect(try await client.send(.post, "/v1/policies", other).body == other)
            #expect(try await client.send(.get, "/policies").body == "[\(other)]")
        }
    }

    @Test func theBodyMayNameThePolicyThatGoes() async throws {
        try await withAPI { client, _ in
            _ = try await client.send(.post, "/policies", Self.db)
            for (body, status) in [
                (nil, 400), ("", 400), ("{}", 400), (#"{"id":""}"#, 422), (#"{"id":"other"}"#, 404),
                (#"{"id":"shop.db"}"#, 200),
            ] as [(String?, Int)] {
                #expect(try await client.send(.delete, "/policies", body).status == status, "\(body ?? "")")
            }
            #expect(try await client.send(.get, "/policies/shop.db").status == 404)
        }
    }

    @Test func everythingThatIsWrongIsTold() async throws {
        try await withAPI { client, _ in
            let wrong = Self.db.replacing("5432", with: "70000").replacing(
                #""tenant_id":"shop"}],"direction""#, with: #""a":""}],"direction""#)
            let answer = try await client.send(.post, "/policies", wrong)
            #expect(answer.status == 400)
            let error = try JSONBody.value(ErrorBody.self, from: answer.body.utf8, what: "the error")
            #expect(error.resourceType == "policy" && error.resourceID == "shop.db")
            #expect(error.problems?.map(\.field) == ["applied_to[0].tenant_id", "ingress[0].rules[0].ports[0]"])
            #expect(try await client.send(.get, "/policies").body == "[]")
        }
    }

    @Test func aPolicyThatCannotBeReadHarmsNoOther() async throws {
        let store = MemoryStore()
        store.put("/romana/policies/bad", Array("{".utf8))
        store.put("/romana/policies/shop.db", Array(Self.db.utf8))
        try await withAPI(on: store) { client, _ in
            let list = try await client.send(.get, "/policies")
            #expect(list.body == "[\(Self.db)]")
            #expect(try await client.send(.delete, "/policies/bad").status == 200)
        }
    }

    @Test func policiesOfKubernetesAreShownInBothForms() async throws {
        let store = MemoryStore()
        let object =
            #"{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"db","namespace":"shop","#
            + #""uid":"1"},"spec":{"ingress":[{"from":[{"podSelector":{}}],"ports":[{"port":5432,"protocol":"TCP"}]}],"#
            + #""podSelector":{"matchLabels":{"romana.io/segment":"db"}}}}"#
        store.put("/romana/policies/kube.shop.db.1", Array(object.utf8))
        store.put("/romana/policies/own", Array(Self.db.replacing("shop.db", with: "own").utf8))
        let shown =
            #"{"apiVersion":"networking.k8s.io/v1","applied_to":[{"segment_id":"db","tenant_id":"shop"}],"#
            + #""direction":"ingress","id":"kube.shop.db.1","ingress":[{"peers":[{"tenant_id":"shop"}],"#
            + #""rules":[{"ports":[5432],"protocol":"tcp"}]}],"kind":"NetworkPolicy","metadata":{"name":"db","#
            + #""namespace":"shop","uid":"1"},"spec":{"ingress":[{"from":[{"podSelector":{}}],"#
            + #""ports":[{"port":5432,"protocol":"TCP"}]}],"podSelector":{"matchLabels":{"romana.io/segment":"db"}}},"#
            + #""untranslated":[]}"#
        let own = Self.db.replacing("shop.db", with: "own")
        try await withAPI(on: store) { client, _ in
            let list = try await client.send(.get, "/policies")
            #expect(list.body == "[\(shown),\(own)]")
            for path in ["/policies/kube.shop.db.1", "/v1/policies/kube.shop.db.1"] {
                let answer = try await client.send(.get, path)
                #expect(answer.body == shown)
            }
        }
    }

    @Test func whatRomanasWordsCannotSayIsListed() async throws {
        let store = MemoryStore()
        let object =
            #"{"kind":"NetworkPolicy","metadata":{"name":"db","namespace":"shop"},"#
            + #""spec":{"podSelector":{"matchLabels":{"app":"db"}},"policyTypes":["Egress"]}}"#
        store.put("/romana/policies/kube.shop.db.", Array(object.utf8))
        try await withAPI(on: store) { client, _ in
            let body = try await client.send(.get, "/policies/kube.shop.db.").body
            #expect(body.contains(#""applied_to":[{"tenant_id":"shop"}],"direction":"egress""#))
            #expect(body.contains(#""ingress":[]"#))
            #expect(
                body.contains(#"{"field":"spec.podSelector","problem":"pods by other labels than romana.io/segment"}"#))
        }
    }

    @Test func policiesOfKubernetesAreNotChangedHere() async throws {
        let store = MemoryStore()
        let object = #"{"kind":"NetworkPolicy","metadata":{"name":"db","namespace":"shop","uid":"1"}}"#
        store.put("/romana/policies/kube.shop.db.1", Array(object.utf8))
        try await withAPI(on: store) { client, _ in
            let policy = Self.db.replacing("shop.db", with: "kube.shop.db.1")
            for answer in [
                try await client.send(.post, "/policies", policy), try await client.send(.post, "/v1/policies", policy),
                try await client.send(.delete, "/policies/kube.shop.db.1"),
                try await client.send(.delete, "/v1/policies/kube.shop.db.1"),
                try await client.send(.delete, "/policies", #"{"id":"kube.shop.db.1"}"#),
            ] {
                #expect(answer.status == 409)
                #expect(answer.body.contains("which kubectl changes"))
            }
            #expect(store.value("/romana/policies/kube.shop.db.1") == Array(object.utf8))
        }
    }
}
