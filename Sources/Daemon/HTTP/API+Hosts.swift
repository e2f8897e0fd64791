import Hummingbird
import Topology

extension API {
    func addHosts(to routes: inout Routes) {
        get("/hosts", in: &routes) { [cluster] _ in
            try cluster.mirror.read { state throws(DaemonError) in try state.hostsBody() }
        }
        get("/v1/hosts", in: &routes) { [cluster] _ in
            try cluster.mirror.read { state throws(DaemonError) in try state.hostRecords() }
        }
        get("/v1/hosts/:name", in: &routes) { [cluster] scope in
            let name = try scope.parameter("name")
            return try cluster.mirror.read { state throws(DaemonError) in try state.host(name) }
        }
        routes.on(.post, "/hosts") { request, _ in
            _ = try await register(request)
            return JSONBody.response(bytes: JSONBody.null)
        }
        routes.on(.post, "/v1/hosts") { request, _ in
            try JSONBody.response(try await register(request))
        }
        for path in ["/hosts/:name", "/v1/hosts/:name"] {
            routes.on(.delete, path) { request, scope in
                try Self.checkAccept(request)
                let isForced = request.uri.queryParameters["force"].map { $0 != "false" } ?? false
                try await cluster.remove(host: scope.parameter("name"), isForced: isForced)
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
