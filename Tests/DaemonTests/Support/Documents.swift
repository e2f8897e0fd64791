import Testing
import Topology

@testable import Daemon

/// Topologies that tests post.
enum Documents {
    /// One IPv4 network of 64 blocks of /29 in one group.
    static let flat = """
        {"networks": [{"name": "net", "cidr": "10.0.0.0/23", "block_mask": 29}],
         "topologies": [{"networks": ["net"], "map": [{"name": "all", "groups": []}]}]}
        """
    /// Two racks by label, and one IPv6 network in one group.
    static let racks = """
        {"networks": [{"name": "net", "cidr": "10.0.0.0/16", "block_mask": 29},
                      {"name": "six", "cidr": "fd00:10::/64", "block_mask": 120}],
         "topologies": [
           {"networks": ["net"], "map": [
             {"name": "rack-a", "assignment": {"rack": "a"}, "groups": []},
             {"name": "rack-b", "assignment": {"rack": "b"}, "groups": []}]},
           {"networks": ["six"], "map": [{"name": "all", "groups": []}]}]}
        """
    /// One group with two blocks.
    static let tiny = """
        {"networks": [{"name": "net", "cidr": "10.0.0.0/28", "block_mask": 29}],
         "topologies": [{"networks": ["net"], "map": [{"name": "all", "groups": []}]}]}
        """

    /// One network in eight groups for any host.
    static let eight = """
        {"networks": [{"name": "net", "cidr": "10.112.0.0/12", "block_mask": 29}],
         "topologies": [{"networks": ["net"], "map": [{}, {}, {}, {}, {}, {}, {}, {}]}]}
        """

    static func document(_ json: String) throws -> TopologyDocument {
        try JSONBody.value(TopologyDocument.self, from: Array(json.utf8), what: "a test's topology")
    }
}
