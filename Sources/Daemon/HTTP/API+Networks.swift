import Addresses
import Hummingbird
import Topology

extension API {
    func addNetworks(to routes: inout Routes) {
        routes.get(
            "/networks",
            Operation(
                id: "listNetworks", summary: "The networks.", answer: .list(.named(.networkSummary)),
                links: [.init(operation: "listBlocksOfNetwork", parameters: ["network": "$response.body#/0/id"])])
        ) { [cluster] _ in
            try cluster.mirror.read { state throws(DaemonError) in try state.networks() }
        }
        routes.get(
            "/networks/:network/blocks",
            Operation(
                id: "listBlocksOfNetwork", summary: "The blocks of one network.", answer: .named(.blockSummaries))
        ) { [cluster] scope in
            let name = try scope.parameter("network")
            return try cluster.mirror.read { state throws(DaemonError) in try state.blocks(ofNetwork: name) }
        }
    }
}

extension ClusterState {
    /// What `GET /networks` answers: the networks of the topology, none while there is no topology.
    func networks() throws(DaemonError) -> [NetworkBody] {
        try requireComplete()
        guard let topology else { return [] }
        return topology.value.document.networks.map {
            NetworkBody(revision: topology.value.revision, id: $0.name, cidr: $0.cidr)
        }
    }

    /// What `GET /networks/NAME/blocks` answers; throws 404 for an unknown network.
    func blocks(ofNetwork name: String) throws(DaemonError) -> BlocksBody {
        try requireComplete()
        guard topology?.value.document.network(name) != nil else {
            throw DaemonError(.missing, "list blocks of network \(name): no such network", type: "network", id: name)
        }
        return blocks { $0.network == name }
    }
}
