public import Addresses

/// One network of the topology document: a CIDR of one family, cut into blocks, for some tenants or for all.
public struct Network: Hashable, Sendable {
    /// Its name, unique in the document.
    public let name: String
    /// Its addresses.
    public let cidr: IPPrefix
    /// The prefix length of its blocks, from that of the CIDR to 32 or 128.
    public let blockMask: Int
    /// The tenants that may use it; empty for all.
    public let tenants: [String]
    /// Parts of the CIDR that are never given to pods.
    public let blackouts: [IPPrefix]

    /// Checks and makes a network.
    ///
    /// - Parameters:
    ///   - blockMask: nil or 0 for the usual blocks: /29 (8 addresses) or /122 (64), or the whole CIDR if that is longer.
    ///   - tenants: names of letters, digits, `-` and `_`; empty or with `*` among them for all tenants.
    ///   - field: the path of the network in its document, for errors.
    public init(
        name: String, cidr: IPPrefix, blockMask: Int? = nil, tenants: [String] = [], blackouts: [IPPrefix] = [],
        field: String = "network"
    ) throws(TopologyError) {
        guard !name.isEmpty else {
            throw TopologyError(field: "\(field).name", problem: "network \(cidr) has no name")
        }
        guard name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x2f && $0 != 0x7f }), name.utf8.count <= 253 else {
            throw TopologyError(
                field: "\(field).name", problem: "\"\(name)\" has a space or a slash in it or is longer than 253 bytes")
        }
        let usual = max(cidr.length, Network.usualBlockMask(cidr.family))
        let mask = blockMask.flatMap { $0 == 0 ? nil : $0 } ?? usual
        guard (cidr.length...cidr.family.bits).contains(mask) else {
            throw TopologyError(
                field: "\(field).block_mask",
                problem: "invalid blockmask \(mask) for network \(name): "
                    + "with cidr \(cidr) it must be \(cidr.length) to \(cidr.family.bits)")
        }
        if let bad = tenants.first(where: { $0 != "*" && !Network.isTenant($0) }) {
            throw TopologyError(
                field: "\(field).tenants",
                problem: "bad tenant name \"\(bad)\" of network \(name): only letters, digits, - and _ are allowed")
        }
        for blackout in blackouts where !cidr.contains(blackout) || blackout == cidr {
            throw TopologyError(
                field: "\(field).blacked_out",
                problem: "\(blackout) is not a part of cidr \(cidr) of network \(name)")
        }
        self.name = name
        self.cidr = cidr
        self.blockMask = mask
        self.tenants = tenants.contains("*") ? [] : tenants
        self.blackouts = IPPrefix.aggregate(blackouts)
    }

    /// The family of its addresses.
    public var family: AddressFamily { cidr.family }

    /// Whether every tenant may use it.
    public var isForAll: Bool { tenants.isEmpty }

    /// Whether `tenant` may use it.
    public func serves(_ tenant: String) -> Bool { isForAll || tenants.contains(tenant) }

    /// The block length of networks that name none: 8 addresses of IPv4, 64 of IPv6.
    public static func usualBlockMask(_ family: AddressFamily) -> Int {
        switch family {
        case .ipv4: 29
        case .ipv6: 122
        }
    }

    private static func isTenant(_ name: String) -> Bool {
        name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
