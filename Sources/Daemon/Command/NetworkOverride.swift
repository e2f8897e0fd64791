import Addresses

/// Another CIDR for a network of the initial topology, from `--network-cidr-overrides`.
struct NetworkOverride: Hashable, Sendable {
    /// The network's name.
    var network: String
    /// Its CIDR instead of the document's.
    var cidr: IPPrefix

    /// Reads `name=CIDR[,name=CIDR]`.
    ///
    /// Throws an invalid request that names the entry when a part is empty, an equals sign is too many or the CIDR is none.
    static func parse(_ text: String) throws(DaemonError) -> [NetworkOverride] {
        var overrides: [NetworkOverride] = []
        for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = entry.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, let cidr = IPPrefix(String(parts[1])) else {
                throw DaemonError(.invalid, "read --network-cidr-overrides: \"\(entry)\" is not name=CIDR")
            }
            overrides.append(NetworkOverride(network: String(parts[0]), cidr: cidr))
        }
        return overrides
    }
}
