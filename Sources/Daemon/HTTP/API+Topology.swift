import Hummingbird
import Topology

extension API {
    func addTopology(to routes: inout Routes) {
        routes.get(
            "/topology",
            Operation(
                id: "showTopology", summary: "The topology with its groups' addresses and hosts; can be posted back.",
                answer: .named(.topology), refusals: [404])
        ) { [cluster] _ in
            try cluster.mirror.read { state throws(DaemonError) in try state.topologyDocument() }
        }
        routes.on(
            .post, "/topology",
            Operation(
                id: "replaceTopology", summary: "Replaces the topology.", body: .named(.topology), refusals: [409])
        ) { request, _ in
            try Self.checkAccept(request)
            let what = "the topology"
            let document = try await JSONBody.read(
                TopologyDocument.self, from: request, what: what, within: deadline / 2)
            try await cluster.replaceTopology(with: document)
            return JSONBody.response(bytes: JSONBody.null)
        }
    }
}
