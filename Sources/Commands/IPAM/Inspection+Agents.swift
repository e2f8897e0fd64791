import Addresses

extension Inspection {
    /// Blocks of which the cluster and the agent that uses them say different things.
    var held: [Finding] {
        var owners: [IPPrefix: BlockTile] = [:]
        for block in view.blocks { owners[block.cidr] = block }
        var findings: [Finding] = []
        for block in view.blocks where block.isForPods {
            guard let node = view.nodes[block.host] else { continue }
            func find(_ details: String) {
                findings.append(Finding(.leak, "\(block.cidr)", host: block.host, details))
            }
            guard let allocated = node.blocks[block.cidr] else {
                find("it is granted to the host, and the host's agent does not know it")
                continue
            }
            if allocated != block.allocated {
                find("the cluster counts \(block.allocated) addresses in use, the host's agent \(allocated)")
            }
        }
        for (name, node) in view.nodes {
            for cidr in node.blocks.keys where owners[cidr]?.host != name || owners[cidr]?.isForPods == false {
                let owner =
                    owners[cidr].map {
                        $0.isForPods ? "it is granted to host \($0.host)" : "its addresses are given out by a daemon"
                    } ?? "it is granted to nobody"
                findings.append(Finding(.conflict, "\(cidr)", host: name, "the host's agent uses it, and \(owner)"))
            }
        }
        return findings
    }

    /// Addresses of pods that are in two places, or in no block, or not counted.
    var inUse: [Finding] {
        var findings: [Finding] = []
        var users: [IPAddress: String] = [:]
        for (name, node) in view.nodes.sorted(by: { $0.key < $1.key }) {
            var counts: [IPPrefix: UInt128] = [:]
            // Blocks of a network have one length, so a few lookups find that of an address however many there are.
            let lengths = Set(node.blocks.keys.map(\.length))
            func block(of address: IPAddress) -> IPPrefix? {
                lengths.compactMap { IPPrefix(address, length: $0) }.first { node.blocks[$0] != nil }
            }
            for pod in node.pods {
                for address in pod.addresses {
                    let user = "pod \(pod.name) on host \(name)"
                    if let other = users.updateValue(user, forKey: address) {
                        findings.append(Finding(.conflict, "\(address)", host: name, "\(other) and \(user) have it"))
                    }
                    guard let block = block(of: address) else {
                        let details = "pod \(pod.name) has it, and no block of the host has it"
                        findings.append(Finding(.conflict, "\(address)", host: name, details))
                        continue
                    }
                    counts[block, default: 0] += 1
                }
            }
            for (cidr, allocated) in node.blocks where counts[cidr, default: 0] != allocated {
                let details =
                    "the host's agent counts \(allocated) addresses in use, its pods have \(counts[cidr, default: 0])"
                findings.append(Finding(.leak, "\(cidr)", host: name, details))
            }
        }
        return findings
    }
}
