import Addresses
import Topology

@testable import Agent

extension HostRecord {
    /// A host in one leaf group of the network `net`.
    static func example(_ name: String, _ address: String, group: String, _ cidr: String) -> HostRecord {
        HostRecord(
            name: name, addresses: [IPAddress(address)].compactMap(\.self),
            groups: IPPrefix(cidr).map { ["net": HostGroup(path: group, cidr: $0)] } ?? [:])
    }
}

extension BlockRecord {
    /// A block of the network `net`.
    static func example(
        _ cidr: IPPrefix, host: String, group: String = "rack", tenant: String = "", allocated: Int = 0
    ) -> BlockRecord {
        BlockRecord(
            cidr: cidr, network: "net", group: group, groupCIDR: cidr, host: host, tenant: tenant, segment: "",
            allocated: allocated, grant: "")
    }
}

extension RoutePlan {
    mutating func setBlock(
        _ text: String, host: String, group: String, tenant: String = "", allocated: Int = 0, keeper: String = ""
    ) {
        guard let prefix = IPPrefix(text) else { return }
        var record = BlockRecord.example(prefix, host: host, group: group, tenant: tenant, allocated: allocated)
        record.keeper = keeper
        setBlock(prefix, record)
    }

    mutating func setBlock(_ text: String, _ record: BlockRecord?) {
        guard let prefix = IPPrefix(text) else { return }
        setBlock(prefix, record)
    }
}

extension RoutePlan.Change {
    /// The updated routes as sentences, in order.
    var routes: [String] { updated.sorted { $0.prefix < $1.prefix }.map { "\($0.prefix) via \($0.via)" } }
}
