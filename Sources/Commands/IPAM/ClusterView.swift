import Addresses
import CNIProtocol

/// What daemons and agents say at one time, as far as it is compared.
struct ClusterView: Sendable {
    /// A host as the daemon knows it.
    struct Host: Sendable {
        let name: String
        let addresses: [String]
        /// The networks that it is placed in.
        let networks: [String]
    }

    /// A network of the topology.
    struct Network: Sendable {
        let name: String
        let cidr: IPPrefix
    }

    /// A block as it is shown by `GET /blocks`, or by another daemon.
    struct Summary: Hashable, Sendable {
        let host: String
        let allocated: UInt128
    }

    /// A node as its agent knows it.
    struct Node: Sendable {
        /// Addresses in use, by block.
        let blocks: [IPPrefix: UInt128]
        /// Pods with their addresses.
        let pods: [(name: String, addresses: [IPAddress])]
    }

    let hosts: [Host]
    let networks: [Network]
    /// The blocks as etcd has them, in order of addresses.
    let blocks: [BlockTile]
    /// The same as the original's path shows them.
    let summaries: [IPPrefix: Summary]
    /// The same as further daemons show them, by URL.
    var others: [(url: String, blocks: [IPPrefix: Summary])] = []
    /// What agents say, by the name of their node.
    var nodes: [String: Node] = [:]

    /// From the answers to `GET /v1/hosts`, `/topology`, `/v1/blocks` and `/blocks`.
    init(hosts: JSONValue, topology: JSONValue, records: JSONValue, blocks: JSONValue) {
        self.hosts = (hosts["hosts"]?.arrayValue ?? []).map { host in
            let addresses = (host["addresses"]?.arrayValue ?? []).compactMap(\.stringValue)
            return Host(
                name: host["name"].shown, addresses: addresses.isEmpty ? [host["ip"].shown] : addresses,
                networks: (host["groups"]?.members ?? []).map(\.key))
        }
        networks = (topology["networks"]?.arrayValue ?? []).compactMap { network in
            guard let cidr = network["cidr"]?.stringValue.flatMap({ IPPrefix($0) }) else { return nil }
            return Network(name: network["name"].shown, cidr: cidr)
        }
        self.blocks = (records["blocks"]?.arrayValue ?? []).compactMap(BlockTile.init).sorted { $0.cidr < $1.cidr }
        summaries = Self.summaries(blocks, count: "allocated_ip_count")
    }

    /// Blocks of a list by their addresses.
    static func summaries(_ document: JSONValue, count: String) -> [IPPrefix: Summary] {
        var summaries: [IPPrefix: Summary] = [:]
        for block in document["blocks"]?.arrayValue ?? [] {
            guard let cidr = block["cidr"]?.stringValue.flatMap({ IPPrefix($0) }) else { continue }
            summaries[cidr] = Summary(
                host: block["host"].shown, allocated: UInt128(max(0, block[count]?.intValue ?? 0)))
        }
        return summaries
    }
}

extension ClusterView.Node {
    /// From what an agent says of its node.
    init(_ state: NodeState) {
        var blocks: [IPPrefix: UInt128] = [:]
        for block in state.blocks {
            guard let cidr = block["cidr"]?.stringValue.flatMap({ IPPrefix($0) }) else { continue }
            blocks[cidr] = UInt128(block["allocated"].shown) ?? 0
        }
        self.blocks = blocks
        pods = state.attachments.map { pod in
            let addresses = (pod["addresses"]?.arrayValue ?? []).compactMap(\.stringValue)
            return ("\(pod["namespace"].shown)/\(pod["pod"].shown)", addresses.compactMap { IPAddress($0) })
        }
    }
}
