import Hummingbird
import Policies

extension API {
    func addPolicies(to routes: inout Routes) {
        routes.get(
            "/policies",
            Operation(
                id: "listPolicies", summary: "The policies, those of Kubernetes too.",
                answer: .list(.named(.storedPolicy)))
        ) { [cluster] _ in
            let policies = try cluster.mirror.read { state throws(DaemonError) in try state.policyList() }
            return policies.map(PolicyBody.init)
        }
        let list = Schema.object([.always("policies", .list(.named(.storedPolicy))), .always("revision", .count)])
        routes.get(
            "/v1/policies",
            Operation(id: "listPolicyRecords", summary: "The policies, those of Kubernetes too.", answer: list)
        ) { [cluster] _ in
            let (policies, revision) = try cluster.mirror.read { state throws(DaemonError) in
                (try state.policyList(), state.changed[.policies] ?? 0)
            }
            return PoliciesBody(policies: policies.map(PolicyBody.init), revision: revision)
        }
        for (prefix, suffix) in [("", ""), ("/v1", "Record")] {
            routes.get(
                "\(prefix)/policies/:policy",
                Operation(id: "showPolicy\(suffix)", summary: "One policy.", answer: .named(.storedPolicy))
            ) { [cluster] scope in
                let id = try scope.parameter("policy")
                let policy = try cluster.mirror.read { state throws(DaemonError) in try state.policy(id) }
                return PolicyBody(policy: policy)
            }
            routes.on(
                .delete, "\(prefix)/policies/:policy",
                Operation(id: "removePolicy\(suffix)", summary: "Removes a policy.", refusals: [409])
            ) { request, scope in
                try Self.checkAccept(request)
                try await cluster.remove(policy: scope.parameter("policy"))
                return JSONBody.response(bytes: JSONBody.null)
            }
        }
        addPolicyChanges(to: &routes)
    }

    private func addPolicyChanges(to routes: inout Routes) {
        let links =
            ["showPolicy", "showPolicyRecord", "removePolicy", "removePolicyRecord"].map {
                Operation.Link(operation: $0, parameters: ["policy": "$request.body#/id"])
            } + [Operation.Link(operation: "removePolicyByBody", body: ["id": "$request.body#/id"])]
        let adds = "Stores one of Romana's own policies, in the place of the one of its id."
        routes.on(
            .post, "/policies",
            Operation(id: "addPolicy", summary: adds, body: .named(.policy), refusals: [409], links: links)
        ) { request, _ in
            _ = try await store(request)
            return JSONBody.response(bytes: JSONBody.null)
        }
        routes.on(
            .post, "/v1/policies",
            Operation(
                id: "addPolicyRecord", summary: adds, body: .named(.policy), answer: .named(.policy), refusals: [409],
                links: links)
        ) { request, _ in
            try JSONBody.response(try await store(request))
        }
        let removes = Operation(
            id: "removePolicyByBody", summary: "Removes the policy that the body names.", body: .named(.policyName),
            refusals: [404, 409, 422])
        routes.on(.delete, "/policies", removes) { request, _ in
            try Self.checkAccept(request)
            let what = "the name of the policy"
            let name = try await JSONBody.read(PolicyName.self, from: request, what: what, within: deadline / 2)
            guard !name.id.isEmpty else {
                throw DaemonError(.unusable, "remove a policy: the id is empty", type: "policy")
            }
            try await cluster.remove(policy: name.id)
            return JSONBody.response(bytes: JSONBody.null)
        }
    }

    private func store(_ request: Request) async throws -> Policy {
        try Self.checkAccept(request)
        let policy = try await JSONBody.read(
            Policy.self, from: request, what: "the policy", within: deadline / 2, atMost: JSONBody.largest)
        try await cluster.store(policy)
        return policy
    }
}
