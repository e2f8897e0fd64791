import Hummingbird
import Topology

extension API {
    func addTopology(to routes: inout Routes) {
        get("/topology", in: &routes) { [cluster] _ in
            try cluster.mirror.read { state throws(DaemonError) in try state.topologyDocument() }
        }
        routes.on(.post, "/topology") { request, _ in
            try Self.checkAccept(request)
            let what = "the topology"
            let document = try await JSONBody.read(
                TopologyDocument.self, from: request, what: what, within: deadline / 2)
            try await cluster.replaceTopology(with: document)
            return JSONBody.response(bytes: JSONBody.null)
        }
    }
}
