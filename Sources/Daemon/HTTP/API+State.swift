import Addresses
import HTTPTypes
import Hummingbird
import NIOCore
import Release
import Topology

extension API {
    func addState(to routes: inout Routes) {
        addHealth(to: &routes)
        routes.on(
            .get, "/v1/events",
            Operation(
                id: "listEvents", summary: "What operators should know of, as this daemon saw it; the latest 512.",
                query: [.after], answer: .object([.always("events", .list(.named(.event)))]))
        ) { request, _ in
            try Self.checkAccept(request)
            let after = try Self.number("after", of: request)
            return try JSONBody.response(["events": cluster.events.events(after: after)])
        }
        routes.on(
            .get, "/metrics",
            Operation(id: "readMetrics", summary: "Prometheus text.", answer: .words, isText: true)
        ) { _, _ in
            let text = cluster.metrics.text(gauges: gauges)
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: text)))
        }
    }

    private var gauges: [Gauge] {
        cluster.mirror.read { state in
            var blocks: [String: Int64] = ["ipv4": 0, "ipv6": 0]
            var allocated: [String: Int64] = ["ipv4": 0, "ipv6": 0]
            for block in state.blocks.values {
                blocks[block.value.cidr.family.rawValue, default: 0] += 1
                allocated[block.value.cidr.family.rawValue, default: 0] += Int64(block.value.allocated)
            }
            func byFamily(_ values: [String: Int64]) -> [([(String, String)], Int64)] {
                values.sorted { $0.key < $1.key }.map { ([("family", $0.key)], $0.value) }
            }
            return [
                Gauge("romana_daemon_info", "The daemon's version, always 1.", [([("version", Release.version)], 1)]),
                Gauge("romana_daemon_etcd_up", "1 while etcd answers.", health.state == .answering ? 1 : 0),
                Gauge("romana_daemon_synchronized", "1 once etcd was read whole.", state.isComplete ? 1 : 0),
                Gauge("romana_daemon_requests_in_progress", "Requests worked on now.", Int64(crowd.count)),
                Gauge("romana_daemon_hosts", "Hosts registered.", Int64(state.hosts.count)),
                Gauge("romana_daemon_networks", "Networks.", Int64(state.topology?.value.document.networks.count ?? 0)),
                Gauge("romana_daemon_blocks", "Blocks that hosts have.", byFamily(blocks)),
                Gauge("romana_daemon_addresses", "Addresses in use, as agents wrote.", byFamily(allocated)),
                Gauge("romana_daemon_grants_waiting", "Requests for blocks that wait.", Int64(cluster.grants.count)),
                Gauge(
                    "romana_daemon_groups_full", "Groups of a network that have no block left.",
                    state.fullGroups.map { ([("network", $0.network)], $0.count) }),
                Gauge(
                    "romana_daemon_revision", "The revision of etcd that each part is known up to.",
                    ClusterPart.allCases.map { ([("part", $0.rawValue)], state.reached[$0] ?? 0) }),
            ]
        }
    }
}
