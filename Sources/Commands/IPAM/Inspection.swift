import Addresses

/// Compares what daemons and agents say and names everything that does not agree.
struct Inspection {
    let view: ClusterView

    /// Everything that is wrong, the worst first.
    var findings: [Finding] {
        let all = granted + overlapping + placed + answers + held + inUse
        return Finding.Kind.allCases.flatMap { kind in
            all.filter { $0.kind == kind }.sorted {
                ($0.subject, $0.host, $0.details) < ($1.subject, $1.host, $1.details)
            }
        }
    }

    /// Blocks whose host, network or group does not have them.
    private var granted: [Finding] {
        let hosts = Set(view.hosts.map(\.name))
        let networks = Dictionary(view.networks.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return view.blocks.flatMap { block -> [Finding] in
            var problems: [(kind: Finding.Kind, details: String)] = []
            if !hosts.contains(block.host) { problems.append((.leak, "it is granted to a host that does not exist")) }
            if let network = networks[block.network] {
                if !network.cidr.contains(block.cidr) {
                    problems.append((.conflict, "it is not part of its network \(network.name) (\(network.cidr))"))
                }
            } else {
                problems.append((.conflict, "its network \(block.network) does not exist"))
            }
            if !block.groupCIDR.contains(block.cidr) {
                problems.append((.conflict, "it is not part of its group \(block.group) (\(block.groupCIDR))"))
            }
            if block.allocated > block.cidr.count {
                problems.append((.conflict, "\(block.allocated) of its \(block.cidr.count) addresses are in use"))
            }
            return problems.map { Finding($0.kind, "\(block.cidr)", host: block.host, $0.details) }
        }
    }

    /// Blocks that share addresses.
    private var overlapping: [Finding] {
        var findings: [Finding] = []
        // Sorted, only the widest so far can contain the next.
        var widest: BlockTile?
        for block in view.blocks {
            if let other = widest, other.cidr.overlaps(block.cidr) {
                let details = "it overlaps block \(other.cidr) of host \(other.host)"
                findings.append(Finding(.conflict, "\(block.cidr)", host: block.host, details))
            } else {
                widest = block
            }
        }
        return findings
    }

    /// Hosts that are in networks that do not exist, or have the address of another.
    private var placed: [Finding] {
        let networks = Set(view.networks.map(\.name))
        var owners: [String: String] = [:]
        return view.hosts.flatMap { host -> [Finding] in
            let lost = host.networks.filter { !networks.contains($0) }.map { network in
                Finding(.difference, host.name, host: host.name, "it is in network \(network), which does not exist")
            }
            return lost
                + host.addresses.compactMap { address in
                    guard let owner = owners.updateValue(host.name, forKey: address), owner != host.name else {
                        return nil
                    }
                    return Finding(.conflict, address, host: host.name, "host \(owner) has this address as well")
                }
        }
    }

    /// What several answers of the daemon, or several daemons, say differently.
    private var answers: [Finding] {
        let records = Dictionary(
            view.blocks.map { ($0.cidr, ClusterView.Summary(host: $0.host, allocated: $0.allocated)) },
            uniquingKeysWith: { first, _ in first })
        return Self.differences(records, "GET /v1/blocks", view.summaries, "GET /blocks")
            + view.others.flatMap {
                Self.differences(records, "the first daemon", $0.blocks, "the daemon at \($0.url)")
            }
    }

    private static func differences(
        _ left: [IPPrefix: ClusterView.Summary], _ leftName: String, _ right: [IPPrefix: ClusterView.Summary],
        _ rightName: String
    ) -> [Finding] {
        Set(left.keys).union(right.keys).compactMap { cidr in
            guard left[cidr] != right[cidr] else { return nil }
            func words(_ summary: ClusterView.Summary?) -> String {
                summary.map { "\($0.allocated) addresses of host \($0.host)" } ?? "nothing"
            }
            let details = "\(leftName) says \(words(left[cidr])), \(rightName) says \(words(right[cidr]))"
            return Finding(.difference, "\(cidr)", host: left[cidr]?.host ?? right[cidr]?.host ?? "", details)
        }
    }
}
