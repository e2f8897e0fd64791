import Addresses
import Hummingbird
import Topology

extension API {
    func addNetworks(to routes: inout Routes) {
        routes.get(
            "/networks",
            Operation(
                id: "listNetworks", summary: "The networks.", answer: .list(.named(.networkSummary)),
                links: ["listBlocksOfNetwork", "showNetwork", "listBlackouts", "addBlackout"].map {
                    .init(operation: $0, parameters: ["network": "$response.body#/0/id"])
                })
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
        routes.get(
            "/v1/networks/:network",
            Operation(
                id: "showNetwork", summary: "A network with its groups and how full they are.",
                answer: .named(.networkDetail))
        ) { [cluster] scope in
            let name = try scope.parameter("network")
            return try cluster.mirror.read { state throws(DaemonError) in try state.detail(ofNetwork: name) }
        }
        addBlackouts(to: &routes)
    }

    private func addBlackouts(to routes: inout Routes) {
        let list = Schema.object([.always("blackouts", .list(.named(.blackout)))])
        routes.get(
            "/v1/networks/:network/blackouts",
            Operation(id: "listBlackouts", summary: "Parts of a network that are not given to pods.", answer: list)
        ) { [cluster] scope in
            let name = try scope.parameter("network")
            return try cluster.mirror.read { state throws(DaemonError) in try state.blackouts(ofNetwork: name) }
        }
        let link = Operation.Link(
            operation: "removeBlackout",
            parameters: ["network": "$request.path.network", "cidr": "$response.body#/cidr"])
        routes.on(
            .post, "/v1/networks/:network/blackouts",
            Operation(
                id: "addBlackout", summary: "Blacks out a part of a network; what is in use stays in use.",
                body: .named(.blackoutRequest), answer: .named(.blackout), refusals: [409], links: [link])
        ) { request, scope in
            try Self.checkAccept(request)
            let name = try scope.parameter("network")
            let body = try await JSONBody.read(
                BlackoutRequest.self, from: request, what: "the blackout", within: deadline / 2)
            return try JSONBody.response(try await cluster.addBlackout(body, of: name))
        }
        let ends = "Ends the blackout of just these addresses."
        routes.on(
            .delete, "/v1/networks/:network/blackouts/:cidr",
            Operation(id: "removeBlackout", summary: ends, answer: .named(.blackout))
        ) { request, scope in
            try await endBlackout(scope.parameter("cidr"), request, scope)
        }
        routes.on(
            .delete, "/v1/networks/:network/blackouts/:cidr/:length",
            Operation(id: "removeBlackoutByParts", summary: ends, answer: .named(.blackout))
        ) { request, scope in
            try await endBlackout(scope.parameter("cidr") + "/" + scope.parameter("length"), request, scope)
        }
    }

    private func endBlackout(_ text: String, _ request: Request, _ scope: RequestScope) async throws -> Response {
        try Self.checkAccept(request)
        let name = try scope.parameter("network")
        guard let cidr = IPPrefix(text) else {
            throw DaemonError(
                .invalid, "end blackout \(text) of network \(name): not a CIDR", type: "blackout", id: text)
        }
        return try JSONBody.response(try await cluster.removeBlackout(cidr, of: name))
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
