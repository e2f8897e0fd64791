import Addresses
import Hummingbird
import Topology

extension API {
    func addBlocks(to routes: inout Routes) {
        get("/blocks", in: &routes) { [cluster] _ in
            try cluster.mirror.read { state throws(DaemonError) in
                try state.requireComplete()
                return state.blocks { _ in true }
            }
        }
        get("/v1/blocks", in: &routes) { [cluster] _ in
            try cluster.mirror.read { state throws(DaemonError) in
                try state.requireComplete()
                let records = state.blocks.values.map(\.value).sorted { $0.cidr < $1.cidr }
                return BlockRecordsBody(blocks: records)
            }
        }
        get("/v1/hosts/:name/blocks", in: &routes) { [cluster] scope in
            let name = try scope.parameter("name")
            return try cluster.mirror.read { state throws(DaemonError) in
                _ = try state.host(name)
                return BlockRecordsBody(blocks: state.blocks(of: name).compactMap { state.blocks[$0.cidr]?.value })
            }
        }
        routes.on(.post, "/v1/hosts/:name/blocks") { request, scope in
            try Self.checkAccept(request)
            let name = try scope.parameter("name")
            let what = "the request for blocks"
            let grant = try await JSONBody.read(GrantRequest.self, from: request, what: what, within: deadline / 2)
            return try JSONBody.response(BlockRecordsBody(blocks: try await cluster.grant(grant, to: name)))
        }
        routes.on(.delete, "/v1/hosts/:name/blocks/:cidr") { request, scope in
            try await release(scope.parameter("cidr"), request, scope)
        }
        routes.on(.delete, "/v1/hosts/:name/blocks/:cidr/:length") { request, scope in
            try await release(scope.parameter("cidr") + "/" + scope.parameter("length"), request, scope)
        }
    }

    private func release(_ text: String, _ request: Request, _ scope: RequestScope) async throws -> Response {
        try Self.checkAccept(request)
        guard let cidr = IPPrefix(text) else {
            throw DaemonError(.invalid, "release block \(text): not a CIDR", type: "block", id: text)
        }
        return try JSONBody.response(try await cluster.release(cidr, of: scope.parameter("name")))
    }
}

extension ClusterState {
    /// The blocks that match, in the original's shape.
    func blocks(where matches: (BlockRecord) -> Bool) -> BlocksBody {
        let chosen = blocks.values.filter { matches($0.value) }.sorted { $0.value.cidr < $1.value.cidr }
        let list = chosen.map { known in
            BlocksBody.Block(
                revision: known.modRevision, cidr: known.value.cidr, tenant: known.value.tenant,
                segment: known.value.segment, host: known.value.host, allocated: known.value.allocated)
        }
        return BlocksBody(revision: changed[.blocks] ?? 0, blocks: list)
    }
}
