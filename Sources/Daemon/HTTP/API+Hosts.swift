import Hummingbird
import Topology

extension API {
    func addHosts(to routes: inout Routes) {
        let summaries = Schema.object([
            .always("hosts", .list(.named(.hostSummary))), .always("revision", .count),
        ])
        let records = Schema.object([.always("hosts", .list(.named(.host))), .always("revision", .count)])
        routes.get("/hosts", Operation(id: "listHosts", summary: "The hosts.", answer: summaries)) { [cluster] _ in
            try cluster.mirror.read { state throws(DaemonError) in try state.hostsBody() }
        }
        routes.get(
            "/v1/hosts", Operation(id: "listHostRecords", summary: "The hosts and their groups.", answer: records)
        ) { [cluster] _ in
            try cluster.mirror.read { state throws(DaemonError) in try state.hostRecords() }
        }
        routes.get(
            "/v1/hosts/:host", Operation(id: "showHost", summary: "One host.", answer: .named(.host))
        ) { [cluster] scope in
            let name = try scope.parameter("host")
            return try cluster.mirror.read { state throws(DaemonError) in try state.host(name) }
        }
        let links = ["showHost", "grantBlocks", "listBlocksOfHost", "removeHost", "removeHostRecord"].map {
            Operation.Link(operation: $0, parameters: ["host": "$request.body#/name"])
        }
        let adds = "Registers a host, or changes its labels and further addresses."
        routes.on(
            .post, "/hosts",
            Operation(id: "addHost", summary: adds, body: .named(.hostRequest), refusals: [409], links: links)
        ) { request, _ in
            _ = try await register(request)
            return JSONBody.response(bytes: JSONBody.null)
        }
        routes.on(
            .post, "/v1/hosts",
            Operation(
                id: "addHostRecord", summary: adds, body: .named(.hostRequest), answer: .named(.host), refusals: [409],
                links: links)
        ) { request, _ in
            try JSONBody.response(try await register(request))
        }
        for (path, id) in [("/hosts/:host", "removeHost"), ("/v1/hosts/:host", "removeHostRecord")] {
            let operation = Operation(
                id: id, summary: "Removes a host and frees its blocks.", query: [.force], refusals: [409])
            routes.on(.delete, path, operation) { request, scope in
                try Self.checkAccept(request)
                let isForced = try Self.flag("force", of: request)
                try await cluster.remove(host: scope.parameter("host"), isForced: isForced)
                return JSONBody.response(bytes: JSONBody.null)
            }
        }
    }

    private func register(_ request: Request) async throws -> HostRecord {
        try Self.checkAccept(request)
        let body = try await JSONBody.read(HostRequest.self, from: request, what: "the host", within: deadline / 2)
        return try await cluster.register(body)
    }
}

extension ClusterState {
    /// What `GET /hosts` answers.
    func hostsBody() throws(DaemonError) -> HostsBody {
        let records = try hostRecords()
        let hosts = records.hosts.map {
            HostsBody.Host(ip: $0.ip, name: $0.name, agentPort: $0.agentPort, tags: $0.tags, kubernetes: $0.kubernetes)
        }
        return HostsBody(hosts: hosts, revision: records.revision)
    }

    /// What `GET /v1/hosts` answers.
    func hostRecords() throws(DaemonError) -> HostRecordsBody {
        try requireComplete()
        return HostRecordsBody(
            hosts: hosts.values.map(\.value).sorted { $0.name < $1.name }, revision: changed[.hosts] ?? 0)
    }

    /// One host; throws 404 when there is none of this name.
    func host(_ name: String) throws(DaemonError) -> HostRecord {
        try requireComplete()
        guard let host = hosts[name] else {
            throw DaemonError(.missing, "show host \(name): no such host", type: "host", id: name)
        }
        return host.value
    }
}
