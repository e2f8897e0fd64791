import Addresses
import Hummingbird
import Topology

extension API {
    func addBlocks(to routes: inout Routes) {
        routes.get(
            "/blocks", Operation(id: "listBlocks", summary: "The blocks.", answer: .named(.blockSummaries))
        ) { [cluster] _ in
            try cluster.mirror.read { state throws(DaemonError) in
                try state.requireComplete()
                return state.blocks { _ in true }
            }
        }
        routes.get(
            "/v1/blocks", Operation(id: "listBlockRecords", summary: "The blocks in full.", answer: .named(.blocks))
        ) { [cluster] _ in
            try cluster.mirror.read { state throws(DaemonError) in
                try state.requireComplete()
                let records = state.blocks.values.map(\.value).sorted { $0.cidr < $1.cidr }
                return BlockRecordsBody(blocks: records)
            }
        }
        routes.get(
            "/v1/hosts/:host/blocks",
            Operation(id: "listBlocksOfHost", summary: "The blocks of one host.", answer: .named(.blocks))
        ) { [cluster] scope in
            let name = try scope.parameter("host")
            return try cluster.mirror.read { state throws(DaemonError) in
                _ = try state.host(name)
                return BlockRecordsBody(blocks: state.blocks(of: name).compactMap { state.blocks[$0.cidr]?.value })
            }
        }
        addGrants(to: &routes)
    }

    private func addGrants(to routes: inout Routes) {
        routes.on(
            .post, "/v1/hosts/:host/blocks",
            Operation(
                id: "grantBlocks", summary: "Grants blocks to a host.", body: .named(.grantRequest),
                answer: .named(.blocks), refusals: [409, 422],
                links: [
                    .init(
                        operation: "releaseBlock",
                        parameters: ["host": "$request.path.host", "cidr": "$response.body#/blocks/0/cidr"])
                ])
        ) { request, scope in
            try Self.checkAccept(request)
            let name = try scope.parameter("host")
            let what = "the request for blocks"
            let grant = try await JSONBody.read(GrantRequest.self, from: request, what: what, within: deadline / 2)
            return try JSONBody.response(BlockRecordsBody(blocks: try await cluster.grant(grant, to: name)))
        }
        let releases = "Gives a block back that has no address in use."
        routes.on(
            .delete, "/v1/hosts/:host/blocks/:cidr",
            Operation(id: "releaseBlock", summary: releases, answer: .named(.block), refusals: [409])
        ) { request, scope in
            try await release(scope.parameter("cidr"), request, scope)
        }
        routes.on(
            .delete, "/v1/hosts/:host/blocks/:cidr/:length",
            Operation(id: "releaseBlockByParts", summary: releases, answer: .named(.block), refusals: [409])
        ) { request, scope in
            try await release(scope.parameter("cidr") + "/" + scope.parameter("length"), request, scope)
        }
    }

    private func release(_ text: String, _ request: Request, _ scope: RequestScope) async throws -> Response {
        try Self.checkAccept(request)
        guard let cidr = IPPrefix(text) else {
            throw DaemonError(.invalid, "release block \(text): not a CIDR", type: "block", id: text)
        }
        return try JSONBody.response(try await cluster.release(cidr, of: scope.parameter("host")))
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
