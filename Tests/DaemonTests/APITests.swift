import HTTPTypes
import Testing

@testable import Daemon

@Suite struct APITests {
    @Test func theOriginalPathsAnswerInTheOriginalShapes() async throws {
        try await withAPI { client, _ in
            #expect(try await client.send(.get, "/hosts").body == #"{"hosts":[],"revision":0}"#)
            let host = #"{"ip":"192.168.0.1","name":"n1","tags":{"a":"b"}}"#
            let added = try await client.send(.post, "/hosts", host)
            #expect(added.status == 200 && added.body == "null")
            #expect(added.headers[.contentType] == "application/json")
            let hosts = try await client.send(.get, "/hosts").body
            #expect(
                hosts.hasPrefix(
                    #"{"hosts":[{"agent_port":9604,"ip":"192.168.0.1","k8s_info":{},"name":"n1","tags":{"a":"b"}}],"revision":"#
                ))
            #expect(
                try await client.send(.get, "/networks").body == #"[{"cidr":"10.0.0.0/23","id":"net","revision":1}]"#)
            let granted = try await client.send(
                .post, "/v1/hosts/n1/blocks", #"{"network":"net","count":1,"request":"r"}"#)
            #expect(granted.status == 200 && granted.body.contains(#""cidr":"10.0.0.0/29""#))
            for path in ["/blocks", "/networks/net/blocks"] {
                let blocks = try await client.send(.get, path).body
                #expect(blocks.contains(#""allocated_ip_count":0,"cidr":"10.0.0.0/29","host":"n1","revision":"#))
                #expect(blocks.contains(#""segment":"","tenant":"""#))
            }
            let same = try await client.send(.get, "/v1/blocks").body
            #expect(same == granted.body)
            #expect(try await client.send(.get, "/v1/hosts/n1/blocks").body == same)
        }
    }

    @Test(arguments: ["10.0.0.0%2F29", "10.0.0.0%2f29", "10.0.0.0/29"])
    func aBlockIsNamedInEitherForm(_ path: String) async throws {
        try await withAPI { client, _ in
            _ = try await client.send(.post, "/hosts", #"{"ip":"192.168.0.1","name":"n1"}"#)
            _ = try await client.send(.post, "/v1/hosts/n1/blocks", #"{"network":"net"}"#)
            let answer = try await client.send(.delete, "/v1/hosts/n1/blocks/\(path)")
            #expect(answer.status == 200 && answer.body.contains("10.0.0.0/29"))
            #expect(try await client.send(.delete, "/v1/hosts/n1/blocks/\(path)").status == 404)
        }
    }

    @Test func aHostComesAndGoes() async throws {
        try await withAPI { client, _ in
            let added = try await client.send(.post, "/v1/hosts", #"{"ip":"192.168.0.1","name":"n1"}"#)
            #expect(added.status == 200)
            #expect(try await client.send(.get, "/v1/hosts/n1").body == added.body)
            #expect(try await client.send(.get, "/v1/hosts").body.contains(added.body))
            let clash = try await client.send(.post, "/hosts", #"{"ip":"192.168.0.1","name":"n2"}"#)
            #expect(clash.status == 409)
            #expect(
                clash.body
                    == #"{"details":"add host n2 (192.168.0.1): host n1 has address 192.168.0.1","resource_id":"n1","resource_type":"host","status_code":409}"#
            )
            #expect(try await client.send(.delete, "/hosts/n1").status == 200)
            #expect(try await client.send(.delete, "/hosts/n1").status == 404)
        }
    }

    @Test func theTopologyThatIsReadCanBePosted() async throws {
        try await withAPI(topology: Documents.racks) { client, cluster in
            _ = try await client.send(.post, "/hosts", #"{"ip":"192.168.0.1","name":"n1","tags":{"rack":"b"}}"#)
            _ = try await client.send(.post, "/v1/hosts/n1/blocks", #"{"network":"net","count":2}"#)
            let first = try await client.send(.get, "/topology")
            #expect(first.status == 200 && first.body.contains("192.168.0.1"))
            let posted = try await client.send(.post, "/topology", first.body)
            #expect(posted.status == 200 && posted.body == "null", "\(posted.body)")
            #expect(try await client.send(.get, "/topology").body == first.body)
            // It is what there is already.
            #expect(cluster.mirror.read { $0.topology?.value.revision } == 1)
        }
    }

    @Test func healthAndMetricsTellOfEtcd() async throws {
        let store = MemoryStore()
        try await withAPI(on: store) { client, _ in
            #expect(try await client.send(.get, "/healthz").status == 200)
            let metrics = try await client.send(.get, "/metrics")
            #expect(metrics.headers[.contentType]?.hasPrefix("text/plain") == true)
            for line in [
                #"romana_daemon_requests_total{route="/healthz",method="GET",status="200"} 1"#,
                "romana_daemon_blocks_granted_total 0", "romana_daemon_etcd_up 1", "romana_daemon_networks 1",
                #"romana_daemon_blocks{family="ipv4"} 0"#,
            ] {
                #expect(metrics.body.split(separator: "\n").contains { $0 == line }, "\(line) in\n\(metrics.body)")
            }
            store.isAway = true
            let readiness = try await client.send(.get, "/readyz")
            #expect(readiness.status == 503 && readiness.body.contains("connection refused"))
            #expect(readiness.headers[.retryAfter] == "1")
            // A new start of the daemon would not mend it.
            let health = try await client.send(.get, "/healthz")
            #expect(health.status == 200 && health.body.contains("connection refused"))
            // What is known is still told; what needs etcd is not done.
            #expect(try await client.send(.get, "/hosts").status == 200)
            #expect(try await client.send(.post, "/hosts", #"{"ip":"192.168.0.1","name":"n1"}"#).status == 503)
        }
    }
}
