import Addresses
import Foundation
import Topology

/// Documents that several tests read.
enum Documents {
    static func read(_ json: String) throws -> TopologyDocument {
        try JSONDecoder().decode(TopologyDocument.self, from: Data(json.utf8))
    }

    static func write(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// A value as another reader of the store sees it.
    static func copy<Value: Codable>(_ value: Value) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(write(value).utf8))
    }

    /// A document of one network with a map.
    static func one(_ map: String, cidr: String = "10.0.0.0/16", mask: Int = 29) throws -> TopologyDocument {
        try read(
            """
            {"networks": [{"name": "net", "cidr": "\(cidr)", "block_mask": \(mask)}],
             "topologies": [{"networks": ["net"], "map": \(map)}]}
            """)
    }

    /// Zones of a region with some leaves each, as clouds have them; leaves ask for the zone's label.
    static func region(_ zones: [String], leaves: Int, cidr: String = "100.96.0.0/11") throws -> TopologyDocument {
        let label = "failure-domain.beta.kubernetes.io/zone"
        let groups = zones.map { zone in
            TopologyGroup(
                name: "failure-domain: \(zone)",
                groups: (1...leaves).map { TopologyGroup(name: "\(zone)-group-0\($0)", assignment: [label: zone]) })
        }
        return try TopologyDocument(
            networks: [Network(name: "net", cidr: IPPrefix(parsing: cidr))],
            topologies: [TopologyMap(networks: ["net"], groups: groups)])
    }

    static func host(_ name: String, _ tags: [String: String] = [:], address: String = "192.168.0.1") throws
        -> HostRecord
    {
        HostRecord(name: name, addresses: [try IPAddress(parsing: address)], tags: tags)
    }
}
