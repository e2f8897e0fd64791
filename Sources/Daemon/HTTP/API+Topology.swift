import Hummingbird
import Topology

extension API {
    func addTopology(to routes: inout Routes) {
        for (prefix, suffix) in [("", ""), ("/v1", "Record")] {
            routes.get(
                "\(prefix)/topology",
                Operation(
                    id: "showTopology\(suffix)",
                    summary: "The topology with its groups' addresses and hosts; can be posted back.",
                    answer: .named(.topology), refusals: [404])
            ) { [cluster] _ in
                try cluster.mirror.read { state throws(DaemonError) in try state.topologyDocument() }
            }
        }
        let replaces = "Replaces the topology, or tells what stands in the way."
        routes.on(
            .post, "/topology",
            Operation(
                id: "replaceTopology", summary: replaces, query: [.dryRun], body: .named(.topology),
                answer: .optional(.named(.topologyChange)), refusals: [409])
        ) { request, _ in
            let isDry = try Self.flag("dryRun", of: request)
            let change = try await replace(request, isDry: isDry)
            // The original answers null.
            return isDry ? try JSONBody.response(change) : JSONBody.response(bytes: JSONBody.null)
        }
        routes.on(
            .post, "/v1/topology",
            Operation(
                id: "replaceTopologyRecord", summary: replaces, query: [.dryRun], body: .named(.topology),
                answer: .named(.topologyChange), refusals: [409])
        ) { request, _ in
            let isDry = try Self.flag("dryRun", of: request)
            return try JSONBody.response(try await replace(request, isDry: isDry))
        }
    }

    private func replace(_ request: Request, isDry: Bool) async throws -> TopologyChange {
        try Self.checkAccept(request)
        let document = try await JSONBody.read(
            TopologyDocument.self, from: request, what: "the topology", within: deadline / 2)
        return try await cluster.replaceTopology(with: document, isDry: isDry)
    }
}
