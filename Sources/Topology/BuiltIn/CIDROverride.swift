public import Addresses

/// Another CIDR for a network of the first topology, from `--network-cidr-overrides`.
public struct CIDROverride: Hashable, Sendable {
    /// The network's name.
    public let network: String
    /// Its CIDR instead of the document's.
    public let cidr: IPPrefix

    /// An override of one network.
    public init(network: String, cidr: IPPrefix) {
        self.network = network
        self.cidr = cidr
    }

    /// Reads `NAME=CIDR[,NAME=CIDR]`.
    ///
    /// Throws every entry that has no name, no CIDR, an equals sign too many, a CIDR that is none, or a name given
    /// before.
    public static func parse(_ text: String) throws(TopologyError) -> [CIDROverride] {
        var overrides: [CIDROverride] = []
        var problems: [TopologyError] = []
        for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
            func refuse(_ problem: String) {
                problems.append(TopologyError(field: "--network-cidr-overrides", problem: "\"\(entry)\" \(problem)"))
            }
            let parts = entry.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                refuse("is not NAME=CIDR")
                continue
            }
            let (name, cidr) = (parts[0], parts[1])
            if name.isEmpty { refuse("has no name before the equals sign") }
            if cidr.isEmpty { refuse("has no CIDR behind the equals sign") }
            guard !name.isEmpty, !cidr.isEmpty else { continue }
            if let first = overrides.first(where: { $0.network == name }) {
                refuse("is the second for network \(name), the first is \(first.cidr)")
                continue
            }
            do throws(AddressError) {
                overrides.append(CIDROverride(network: name, cidr: try IPPrefix(parsing: cidr)))
            } catch {
                refuse("has no good CIDR: \(error)")
            }
        }
        if let error = TopologyError(problems) { throw error }
        return overrides
    }
}

extension TopologyDocument {
    /// The document with other CIDRs, and the names among them that no network has, which are for a warning.
    ///
    /// Throws when a network or its tree does not fit its new CIDR, or networks overlap.
    public func overriding(
        _ overrides: [CIDROverride]
    ) throws(TopologyError) -> (document: TopologyDocument, unknown: [String]) {
        let cidrs = Dictionary(overrides.map { ($0.network, $0.cidr) }, uniquingKeysWith: { $1 })
        return (try replacingCIDRs(cidrs), cidrs.keys.filter { network($0) == nil }.sorted())
    }
}
