/// Topology documents of the test clusters.
public enum TopologyText {
    /// One network for each family, cut into a group for each of four racks.
    ///
    /// - Parameters:
    ///   - blockMask4: prefix length of IPv4 blocks; 29 gives eight addresses.
    ///   - blockMask6: prefix length of IPv6 blocks; 125 gives eight addresses.
    public static func racks(_ families: Families, blockMask4: Int = 29, blockMask6: Int = 125) -> String {
        var networks: [String] = []
        var topologies: [String] = []
        let racks = (1...4).map { #"{"name": "rack-\#($0)", "groups": []}"# }.joined(separator: ", ")
        func add(_ name: String, _ cidr: String, _ mask: Int) {
            networks.append(#"{"name": "\#(name)", "cidr": "\#(cidr)", "block_mask": \#(mask)}"#)
            topologies.append(#"{"networks": ["\#(name)"], "map": [\#(racks)]}"#)
        }
        if families.hasIPv4 { add("pods", "10.112.0.0/16", blockMask4) }
        if families.hasIPv6 { add("pods6", "fd00:112::/48", blockMask6) }
        return """
            {"networks": [\(networks.joined(separator: ", "))], "topologies": [\(topologies.joined(separator: ", "))]}
            """
    }
}
