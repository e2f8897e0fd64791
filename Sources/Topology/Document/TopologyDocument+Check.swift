public import Addresses

extension TopologyDocument {
    /// Addresses that no network can have, and why.
    private static let reserved: [(prefix: String, use: String)] = [
        ("127.0.0.0/8", "loopback addresses"),
        ("169.254.0.0/16", "link-local addresses, the gateway of pods among them"),
        ("224.0.0.0/4", "multicast"), ("::1/128", "the loopback address"),
        ("fe80::/10", "link-local addresses, the gateway of pods among them"), ("ff00::/8", "multicast"),
    ]

    /// Throws everything that keeps the document from being used in a cluster.
    ///
    /// A document may be read and yet be of no use: its networks may overlap addresses that others use, and it may name
    /// hosts that cannot be told apart.
    ///
    /// - Parameter services: the cluster's ranges of service addresses.
    public func check(apartFrom services: [IPPrefix] = []) throws(TopologyError) {
        if let error = TopologyError(problems(apartFrom: services)) { throw error }
    }

    /// The same as a list.
    func problems(apartFrom services: [IPPrefix]) -> [TopologyError] {
        rangeProblems(services) + hostProblems
    }

    private func rangeProblems(_ services: [IPPrefix]) -> [TopologyError] {
        let reserved = Self.reserved.compactMap { entry in IPPrefix(entry.prefix).map { ($0, "is for \(entry.use)") } }
        let ranges = reserved + services.map { ($0, "is the range of service addresses") }
        return networks.enumerated().flatMap { index, network in
            ranges.filter { $0.0.overlaps(network.cidr) }.map { range, use in
                TopologyError(
                    field: "networks[\(index)].cidr",
                    problem: "\(network.cidr) of network \(network.name) overlaps \(range), which \(use)")
            }
        }
    }

    /// Hosts that the document names in a way that leaves open which is which, or where it is.
    private var hostProblems: [TopologyError] {
        var problems: [TopologyError] = []
        var byName: [String: (host: TopologyHost, field: String)] = [:]
        var byAddress: [IPAddress: (host: TopologyHost, field: String)] = [:]
        for network in networks {
            var places: [String: PrefixGroup] = [:]
            for leaf in tree(of: network.name)?.leaves ?? [] {
                for host in leaf.hosts {
                    let text = "host \(host.name) (\(host.address))"
                    func clash(_ problem: String) {
                        problems.append(TopologyError(field: leaf.field, problem: problem))
                    }
                    if leaf.isDummy {
                        clash("\(text) is named in group \(leaf.path) of network \(network.name), which is a dummy")
                    }
                    if let other = places.updateValue(leaf, forKey: host.name) {
                        clash(
                            other.path == leaf.path
                                ? "\(text) is named twice in group \(leaf.path) of network \(network.name)"
                                : "\(text) is named in group \(leaf.path) of network \(network.name), "
                                    + "and in group \(other.path) by \(other.field)")
                    }
                    if let first = byName[host.name], first.host.address != host.address {
                        clash("\(text) is named with address \(first.host.address) by \(first.field)")
                    } else if let first = byAddress[host.address], first.host.name != host.name {
                        clash("\(text) has the address of host \(first.host.name), named by \(first.field)")
                    }
                    byName[host.name] = byName[host.name] ?? (host, leaf.field)
                    byAddress[host.address] = byAddress[host.address] ?? (host, leaf.field)
                }
            }
        }
        // One tree for several networks says the same several times.
        var seen: Set<TopologyError> = []
        return problems.filter { seen.insert($0).inserted }
    }
}
