import AWS
import Addresses
import Topology
import VPCRoutes

/// Which instance and which interface each host is, asked of the cloud once and whenever there is a reason to.
///
/// Hosts go by the instances that their nodes name, all in as few calls as there are pages; without the API, by their
/// addresses among the interfaces of the VPC. Of interfaces that are no host's it can find out whether they exist.
struct VPCLocator: Sendable {
    private struct Place: Sendable {
        var instance: String?
        var addresses: [IPAddress]
        /// Nil where the cloud knows nothing of it.
        var target: HostTarget?
        var vpc: String?
        var asked: ContinuousClock.Instant
    }

    /// After how long a host is asked for again that the cloud knew nothing of.
    private static let pause = Duration.seconds(60)

    private let cloud: any EC2Service
    private let givenVPC: String?
    private var places: [String: Place] = [:]
    private var doubts: Set<String> = []
    private var zones: [String: String] = [:]
    /// Interfaces of nobody's that still existed when they were asked for.
    private var present: [String: ContinuousClock.Instant] = [:]
    /// Interfaces that do not exist any more, and so never will.
    private(set) var gone: Set<String> = []

    init(_ cloud: any EC2Service, vpcID: String?) {
        self.cloud = cloud
        givenVPC = vpcID
    }

    /// The VPC; nil while none is known.
    var vpc: String? {
        if let givenVPC { return givenVPC }
        var counts: [String: Int] = [:]
        for place in places.values { if let vpc = place.vpc, !vpc.isEmpty { counts[vpc, default: 0] += 1 } }
        return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
    }

    /// What routes to hosts are made with, for those in the VPC.
    var targets: [String: HostTarget] {
        let vpc = vpc
        return places.compactMapValues { $0.vpc == vpc ? $0.target : nil }
    }

    /// The interface of each host's instance.
    var interfaces: [String: String] {
        Dictionary(
            targets.values.filter { !$0.instance.isEmpty }.map { ($0.instance, $0.interface) },
            uniquingKeysWith: { min($0, $1) })
    }

    /// Has a host be asked for again, since its interface seems not to be what it was.
    mutating func doubt(_ host: String) { doubts.insert(host) }

    /// Asks for hosts that nothing is known of yet, or that have changed; gives the calls that were made.
    mutating func locate(
        _ hosts: [String: (record: HostRecord, node: VPCSurvey.NodeFacts?)], at now: ContinuousClock.Instant
    ) async throws(AWSError) -> [String] {
        for name in places.keys where hosts[name] == nil { places[name] = nil }
        doubts.formIntersection(hosts.keys)
        let stale = hosts.filter { isStale($0.key, $0.value, at: now) }
        guard !stale.isEmpty else { return [] }
        doubts.subtract(stale.keys)
        var calls: [String] = []
        let ids = Set(stale.values.compactMap { $0.node?.instance })
        var instances: [String: EC2Instance] = [:]
        if !ids.isEmpty {
            calls.append("DescribeInstances")
            for instance in try await cloud.instances(ids: ids.sorted()) { instances[instance.id] = instance }
        }
        var interfaces: [IPAddress: EC2NetworkInterface] = [:]
        if let givenVPC, stale.values.contains(where: { $0.node?.instance == nil }) {
            calls += ["DescribeNetworkInterfaces", "DescribeSubnets"]
            for interface in try await cloud.networkInterfaces(EC2NetworkInterfaceFilter(vpcID: givenVPC)) {
                for address in interface.addresses { interfaces[address] = interface }
            }
            for subnet in try await cloud.subnets(EC2SubnetFilter(vpcID: givenVPC)) { zones[subnet.id] = subnet.zone }
        }
        for (name, host) in stale {
            var place = Place(instance: host.node?.instance, addresses: host.record.addresses, asked: now)
            if let id = host.node?.instance {
                let instance = instances[id]
                let interface = instance.flatMap { Self.interface(of: $0, host.record.addresses) }
                if let instance, let interface, instance.state != .terminated {
                    place.vpc = interface.vpcID.isEmpty ? instance.vpcID : interface.vpcID
                    place.target = HostTarget(
                        interface: interface.id, instance: id, subnet: interface.subnetID, zone: instance.zone)
                }
            } else if let interface = host.record.addresses.lazy.compactMap({ interfaces[$0] }).first {
                place.vpc = interface.vpcID
                place.target = HostTarget(
                    interface: interface.id, instance: interface.instanceID ?? "", subnet: interface.subnetID,
                    zone: zones[interface.subnetID] ?? "")
            }
            places[name] = place
        }
        return calls
    }

    /// Finds out which of these interfaces do not exist any more; gives the calls that were made.
    mutating func seek(_ interfaces: Set<String>, at now: ContinuousClock.Instant) async throws(AWSError) -> [String] {
        gone.formIntersection(interfaces)
        present = present.filter { interfaces.contains($0.key) && $0.value.duration(to: now) < Self.pause }
        let unknown = interfaces.subtracting(gone).subtracting(present.keys)
        guard !unknown.isEmpty else { return [] }
        let found = try await cloud.networkInterfaces(EC2NetworkInterfaceFilter(ids: unknown.sorted())).map(\.id)
        for id in found { present[id] = now }
        gone.formUnion(unknown.subtracting(found))
        return ["DescribeNetworkInterfaces"]
    }

    private func isStale(
        _ name: String, _ host: (record: HostRecord, node: VPCSurvey.NodeFacts?), at now: ContinuousClock.Instant
    ) -> Bool {
        guard host.node?.instance != nil || givenVPC != nil else { return false }
        guard let place = places[name] else { return true }
        if place.instance != host.node?.instance || place.addresses != host.record.addresses { return true }
        let isDue = place.asked.duration(to: now) >= Self.pause
        return isDue && (place.target == nil || doubts.contains(name))
    }

    /// The interface that has the host's address, else the primary one.
    private static func interface(of instance: EC2Instance, _ addresses: [IPAddress]) -> EC2NetworkInterface? {
        for address in addresses {
            if let found = instance.networkInterfaces.first(where: { $0.addresses.contains(address) }) { return found }
        }
        return instance.networkInterfaces.min { ($0.deviceIndex ?? .max) < ($1.deviceIndex ?? .max) }
    }
}
