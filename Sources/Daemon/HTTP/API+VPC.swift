import FoundationEssentials
import Hummingbird

extension API {
    func addVPC(to routes: inout Routes) {
        routes.get(
            "/v1/vpc",
            Operation(
                id: "readVPC", summary: "The routes in a VPC that the duty vpcrouter keeps, and how they stand.",
                answer: .named(.vpc))
        ) { [cluster] _ in
            let (values, revision) = try await cluster.store.list(cluster.keys.vpc)
            return VPCBody(values, revision, keys: cluster.keys)
        }
    }
}

extension VPCBody {
    /// What stands in etcd; what cannot be read is left out.
    init(_ values: [StoredValue], _ revision: Int64, keys: ClusterKeys) {
        self.revision = revision
        let decoder = JSONDecoder()
        for value in values {
            let data = Data(value.value)
            if value.key == keys.vpc + "status" {
                status = try? decoder.decode(Status.self, from: data)
            } else if value.key.hasPrefix(keys.vpc + "tables/"), let route = try? decoder.decode(Route.self, from: data)
            {
                routes.append(route)
            }
        }
        routes.sort { ($0.prefix, $0.table) < ($1.prefix, $1.table) }
    }
}
