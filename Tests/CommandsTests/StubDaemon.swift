import CNIProtocol
import StubServer

/// A daemon that answers from a table, and with 404 in the daemon's own shape for what is not there.
enum StubDaemon {
    /// The answers of a small cluster, by method and path.
    static let cluster = [
        "GET /hosts":
            #"{"hosts":[{"ip":"10.0.0.1","name":"node-1","agent_port":9604,"tags":{},"k8s_info":{}},{"ip":"fd00::2","name":"node-2","agent_port":9604,"tags":{},"k8s_info":{}}],"revision":7}"#,
        "GET /v1/hosts":
            #"{"hosts":[{"name":"node-1","ip":"10.0.0.1","addresses":["10.0.0.1","fd00::1"],"agent_port":9604,"tags":{"zone":"a"},"k8s_info":{},"groups":{"n4":{"path":"zone-a/rack-1","cidr":"10.112.0.0/14"}},"revision":1}],"revision":7}"#,
        "GET /networks": #"[{"revision":3,"id":"n4","cidr":"10.112.0.0/12"}]"#,
        "GET /networks/n4/blocks":
            #"{"revision":9,"blocks":[{"revision":4,"cidr":"10.112.0.0/28","tenant":"shop","segment":"default","host":"node-1","allocated_ip_count":3}]}"#,
        "GET /blocks":
            #"{"revision":9,"blocks":[{"revision":4,"cidr":"10.112.0.0/28","tenant":"shop","segment":"default","host":"node-1","allocated_ip_count":3}]}"#,
        "GET /v1/blocks":
            #"{"blocks":[{"cidr":"10.112.0.0/28","family":"ipv4","network":"n4","group":"zone-a/rack-1","group_cidr":"10.112.0.0/14","host":"node-1","tenant":"shop","segment":"default","allocated":3,"grant":"g"}]}"#,
        "GET /topology":
            #"{"networks":[{"name":"n4","cidr":"10.112.0.0/12","block_mask":28,"tenants":["*"]}],"topologies":[{"networks":["n4"],"map":[{"name":"zone-a","cidr":"10.112.0.0/13","groups":[{"name":"rack-1","cidr":"10.112.0.0/14","groups":[{"name":"node-1","ip":"10.0.0.1"},{"name":"node-2","ip":"10.0.0.2"}]}]},{"name":"zone-b","cidr":"10.120.0.0/13","groups":[]}]}]}"#,
        "GET /policies":
            #"[{"id":"web","direction":"ingress","description":"Shop from inside","applied_to":[{"tenant_id":"shop","segment_id":"web"}],"ingress":[{"peers":[{"tenant_id":"shop"},{"cidr":"10.0.0.0/8"}],"rules":[{"protocol":"tcp","ports":[80,443],"port_ranges":[[8000,8100]]},{"protocol":"icmp","icmp_type":3,"icmp_code":1}]},{"peers":[{"peer":"any"}],"rules":[{"protocol":"any"}]}]},{"id":"none","direction":"egress","applied_to":[{"dest":"host"}],"ingress":[]}]"#,
        "GET /v1/networks/n4/blackouts":
            #"{"blackouts":[{"cidr":"10.112.0.0/28","reason":"the printers","revision":12,"blocks_in_use":["10.112.0.0/28"]}]}"#,
        "GET /v1/networks/n4":
            #"{"name":"n4","cidr":"10.112.0.0/12","block_mask":28,"tenants":["*"],"revision":3,"hosts":2,"blocks":{"capacity":49152,"granted":14746,"in_use":1,"spilled":0,"addresses":3,"full":false},"groups":[{"path":"zone-a/rack-1","cidr":"10.112.0.0/14","hosts":2,"dummy":false,"blocks":{"capacity":16384,"granted":1,"in_use":1,"spilled":0,"addresses":3,"full":false}},{"path":"zone-a/#2","cidr":"10.116.0.0/14","hosts":0,"dummy":true,"blocks":{"capacity":16384,"granted":0,"in_use":0,"spilled":0,"addresses":0,"full":false}},{"path":"zone-b","cidr":"10.120.0.0/13","hosts":1,"dummy":false,"blocks":{"capacity":16384,"granted":16384,"in_use":16000,"spilled":7,"addresses":90000,"full":true}}]}"#,
        "GET /v1/networks/six":
            #"{"name":"six","cidr":"fd00::/48","block_mask":122,"tenants":["a","b"],"revision":3,"hosts":0,"blocks":{"capacity":"75557863725914323419136","granted":1,"in_use":1,"spilled":0,"addresses":3,"full":false},"groups":[{"path":"/","cidr":"fd00::/48","hosts":2,"dummy":false,"blocks":{"capacity":"75557863725914323419136","granted":1,"in_use":1,"spilled":0,"addresses":3,"full":false}}]}"#,
        "GET /v1/networks/six/blackouts": #"{"blackouts":[]}"#,
        "GET /v1/events?after=3":
            #"{"events":[{"number":4,"time":1795248844,"kind":"group-full","subject":"rack-1","message":"group rack-1 of network n4 has no block left","count":2}]}"#,
        "GET /v1/events": #"{"events":[]}"#,
        "POST /topology": "null", "POST /policies": "null",
        "POST /v1/hosts": #"{"name":"node-3","ip":"10.0.0.3"}"#,
        "POST /v1/hosts/node-1/blocks": #"{"blocks":[{"cidr":"10.112.0.16/28"},{"cidr":"10.112.0.32/28"}]}"#,
        "POST /v1/networks/n4/blackouts": #"{"cidr":"10.112.0.0/28","reason":"","revision":13}"#,
        "DELETE /v1/hosts/node-1/blocks/10.112.0.0%2F28": "null",
        "DELETE /v1/networks/n4/blackouts/10.112.0.0%2F28": "null",
        "DELETE /hosts/node-1": "null", "DELETE /hosts/node-1?force=true": "null", "DELETE /policies/web": "null",
    ]

    /// A daemon with these answers, some of them replaced.
    static func start(_ answers: [String: String] = cluster, replacing: [String: String] = [:]) throws -> StubServer {
        let answers = answers.merging(replacing) { $1 }
        return try StubServer { request in
            if let text = answers["\(request.method) \(request.path)"] { return StubAnswer(200, text) }
            return StubAnswer(
                404,
                #"{"status_code":404,"details":"show host \#(request.path): no such host","resource_type":"host","resource_id":"x"}"#
            )
        }
    }
}
