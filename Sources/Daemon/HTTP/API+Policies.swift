import Hummingbird
import Policies

extension API {
    func addPolicies(to routes: inout Routes) {
        routes.get(
            "/policies",
            Operation(id: "listPolicies", summary: "The policies.", answer: .list(.named(.policy)))
        ) { [cluster] _ in
            try cluster.mirror.read { state throws(DaemonError) in try state.policyList() }
        }
        let list = Schema.object([.always("policies", .list(.named(.policy))), .always("revision", .count)])
        routes.get(
            "/v1/policies", Operation(id: "listPolicyRecords", summary: "The policies.", answer: list)
        ) { [cluster] _ in
            try cluster.mirror.read { state throws(DaemonError) in
                PoliciesBody(policies: try state.policyList(), revision: state.changed[.policies] ?? 0)
            }
        }
        for (prefix, suffix) in [("", ""), ("/v1", "Record")] {
            routes.get(
                "\(prefix)/policies/:policy",
                Operation(id: "showPolicy\(suffix)", summary: "One policy.", answer: .named(.policy))
            ) { [cluster] scope in
                let id = try scope.parameter("policy")
                return try cluster.mirror.read { state throws(DaemonError) in try state.policy(id) }
            }
            routes.on(
                .delete, "\(prefix)/policies/:policy",
                Operation(id: "removePolicy\(suffix)", summary: "Removes a policy.")
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
        let adds = "Stores a policy, in the place of the one of its id."
        routes.on(
            .post, "/policies", Operation(id: "addPolicy", summary: adds, body: .named(.policy), links: links)
        ) { request, _ in
            _ = try await store(request)
            return JSONBody.response(bytes: JSONBody.null)
        }
        routes.on(
            .post, "/v1/policies",
            Operation(
                id: "addPolicyRecord", summary: adds, body: .named(.policy), answer: .named(.policy), links: links)
        ) { request, _ in
            try JSONBody.response(try await store(request))
        }
        let removes = Operation(
            id: "removePolicyByBody", summary: "Removes the policy that the body names.", body: .named(.policyName),
            refusals: [404, 422])
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
        let policy = try await JSONBody.read(Policy.self, from: request, what: "the policy", within: deadline / 2)
        try await cluster.store(policy)
        return policy
    }
}
