import CNIProtocol

@testable import Commands

/// A cluster of two hosts that agree on everything, to be spoilt by each test.
struct IPAMCluster: Sendable {
    var hosts: [(name: String, ip: String, networks: [String])] = [
        ("n1", "10.0.0.1", ["pods"]), ("n2", "10.0.0.2", ["pods"]),
    ]
    var networks: [JSONValue] = [["name": "pods", "cidr": "10.112.0.0/16"]]
    var blocks: [(cidr: String, host: String, allocated: Int)] = [
        ("10.112.0.0/29", "n1", 2), ("10.112.0.8/29", "n2", 1),
    ]
    /// What `GET /blocks` shows in place of the blocks.
    var summaries: [(cidr: String, host: String, allocated: Int)]?
    /// Blocks of which a daemon gives out the addresses.
    var keptByDaemon: Set<String> = []
    var group = "10.112.0.0/16"
    var network = "pods"
    var nodes: [String: (blocks: [(cidr: String, allocated: Int)], pods: [(name: String, addresses: [String])])] = [
        "n1": ([("10.112.0.0/29", 2)], [("a", ["10.112.0.0"]), ("b", ["10.112.0.1"])]),
        "n2": ([("10.112.0.8/29", 1)], [("c", ["10.112.0.9"])]),
    ]

    var hostsAnswer: JSONValue {
        [
            "hosts": .array(
                hosts.map { host in
                    [
                        "name": .string(host.name), "ip": .string(host.ip), "addresses": [.string(host.ip)],
                        "groups": .object(host.networks.map { (key: $0, value: ["path": "/", "cidr": "x"]) }),
                    ]
                })
        ]
    }

    var recordsAnswer: JSONValue {
        [
            "blocks": .array(
                blocks.map { block in
                    [
                        "cidr": .string(block.cidr), "host": .string(block.host),
                        "allocated": .integer(block.allocated), "network": .string(network), "group": "rack-1",
                        "group_cidr": .string(group),
                        "keeper": .string(keptByDaemon.contains(block.cidr) ? "daemon" : ""),
                    ]
                })
        ]
    }

    var blocksAnswer: JSONValue {
        [
            "blocks": .array(
                (summaries ?? blocks).map { block in
                    [
                        "cidr": .string(block.cidr), "host": .string(block.host),
                        "allocated_ip_count": .integer(block.allocated),
                    ]
                })
        ]
    }

    /// What the agent of a node says.
    func state(_ name: String, daemons: [String] = []) -> JSONValue {
        let node = nodes[name] ?? ([], [])
        return [
            "node": .string(name), "daemons": .array(daemons.map { .string($0) }),
            "blocks": .array(
                node.blocks.map { ["cidr": .string($0.cidr), "allocated": .integer($0.allocated)] }),
            "attachments": .array(
                node.pods.map { pod in
                    [
                        "namespace": "shop", "pod": .string(pod.name),
                        "addresses": .array(pod.addresses.map { .string($0) }),
                    ]
                }),
        ]
    }

    var view: ClusterView {
        var view = ClusterView(
            hosts: hostsAnswer, topology: ["networks": .array(networks)], records: recordsAnswer,
            blocks: blocksAnswer)
        for name in nodes.keys { view.nodes[name] = ClusterView.Node(NodeState(state(name))) }
        return view
    }

    /// The answers of a daemon, by method and path.
    var answers: [String: String] {
        [
            "GET /v1/hosts": hostsAnswer.text, "GET /v1/blocks": recordsAnswer.text,
            "GET /blocks": blocksAnswer.text,
            "GET /topology": (["networks": .array(networks)] as JSONValue).text,
        ]
    }
}
