// The agent's alone: the plugin passes it on, and is mapped the faster the smaller it is.
#if !hasFeature(Embedded)
extension NetworkConfig {
    /// The ports that the runtime asks for (`runtimeConfig.portMappings`); none if it says nothing of them.
    ///
    /// Read on demand: the plugin passes them on and does not look.
    public func portMappings() throws(CNIError) -> [PortMapping] {
        let field = "runtimeConfig.portMappings"
        guard let value = runtimeConfig?["portMappings"], !value.isNull else { return [] }
        guard let entries = value.arrayValue else {
            throw CNIError(.decoding, "\(field) is \(value.kind), not an array")
        }
        var mappings: [PortMapping] = []
        for (number, entry) in entries.enumerated() {
            mappings.append(try PortMapping(entry, field: "\(field)[\(number)]"))
        }
        return mappings
    }

    /// The limits that the runtime asks for (`runtimeConfig.bandwidth`); nil if there is to be none.
    public func bandwidth() throws(CNIError) -> BandwidthLimits? {
        guard let value = runtimeConfig?["bandwidth"], !value.isNull else { return nil }
        return try BandwidthLimits(value, field: "runtimeConfig.bandwidth")
    }
}
#endif
