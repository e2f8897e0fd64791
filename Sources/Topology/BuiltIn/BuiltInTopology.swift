public import Addresses

/// Topologies that need no file, for clusters made by well-known installers.
public enum BuiltInTopology: Hashable, Sendable, CustomStringConvertible {
    /// For kubeadm: one network in eight groups, no labels asked for.
    case kubeadm
    /// For AWS, as kops sets it up: one network, a group for each zone of the region, cut into groups for its hosts.
    case aws(region: String, zones: [String])
    /// For hosts that are all alike: one network in so many groups, no labels asked for.
    case flat(IPPrefix, groups: Int)

    /// The name of the network that each of them has.
    public static let network = "romana-network"

    /// The labels of a node that say where it stands; the names they had before Kubernetes 1.17 match as well.
    public static let labels = (region: "topology.kubernetes.io/region", zone: "topology.kubernetes.io/zone")

    /// The document.
    ///
    /// Throws when the region or its zones cannot be: names that are no zones of the region, the same twice, none at
    /// all, or more than the network has room for.
    public func document() throws(TopologyError) -> TopologyDocument {
        let cidr: String
        let groups: [TopologyGroup]
        switch self {
        case .kubeadm:
            cidr = "10.112.0.0/12"
            groups = (1...8).map { TopologyGroup(name: "host-group-0\($0)") }
        case .aws(let region, let zones):
            cidr = "100.96.0.0/11"
            groups = try Self.zones(zones.sorted(), of: region)
        case .flat(let prefix, let count):
            cidr = prefix.description
            groups = try Self.equal(count)
        }
        guard let cidr = IPPrefix(cidr) else { throw TopologyError(field: "network", problem: "\(cidr) is no CIDR") }
        return try TopologyDocument(
            networks: [Network(name: Self.network, cidr: cidr)],
            topologies: [TopologyMap(networks: [Self.network], groups: groups)])
    }

    /// Groups whose names are in order.
    private static func equal(_ count: Int) throws(TopologyError) -> [TopologyGroup] {
        guard (1...largestFlat).contains(count) else {
            throw TopologyError(field: "groups", problem: "\(count) are asked for, there must be 1 to \(largestFlat)")
        }
        let width = "\(count)".count
        return (1...count).map { number in
            let digits = "\(number)"
            return TopologyGroup(name: "host-group-\(String(repeating: "0", count: width - digits.count))\(digits)")
        }
    }

    /// The most groups of a flat one.
    private static let largestFlat = 65_536

    /// Up to four zones have eight groups each, more have fewer, so that no group is smaller than a /16.
    private static func zones(_ zones: [String], of region: String) throws(TopologyError) -> [TopologyGroup] {
        guard !zones.isEmpty, zones.count <= 32 else {
            let problem = "\(zones.count) zones are given, there must be 1 to 32"
            throw TopologyError(field: "region \(region)", problem: problem)
        }
        for (index, zone) in zones.enumerated() {
            guard zone.hasPrefix(region), zone.utf8.count > region.utf8.count, !region.isEmpty else {
                throw TopologyError(field: "region \(region)", problem: "\"\(zone)\" is no zone of it")
            }
            guard index == 0 || zones[index - 1] != zone else {
                throw TopologyError(field: "region \(region)", problem: "zone \(zone) is given twice")
            }
        }
        let padded = zones.count < 2 ? 1 : 1 << (Int.bitWidth - (zones.count - 1).leadingZeroBitCount)
        let leaves = min(8, 32 / padded)
        return zones.map { zone in
            let assignment = [labels.region: region, labels.zone: zone]
            return TopologyGroup(
                name: "failure-domain: \(zone)",
                groups: (1...leaves).map { TopologyGroup(name: "\(zone)-group-0\($0)", assignment: assignment) })
        }
    }

    /// What it is called in logs: `kubeadm`, `aws us-east-1`.
    public var description: String {
        switch self {
        case .kubeadm: "kubeadm"
        case .aws(let region, _): "aws \(region)"
        case .flat(let cidr, let groups): "\(cidr) in \(groups) groups"
        }
    }
}
