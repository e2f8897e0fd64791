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
    /// Parts of the CIDR that are never given to pods, in order, none inside another.
    public let blackouts: [IPPrefix]

    /// Checks and makes a network.
    ///
    /// - Parameters:
    ///   - blockMask: nil or 0 for the usual blocks: /29 (8 addresses) or /122 (64), or the whole CIDR if that is
    ///     longer.
    ///   - tenants: names of letters, digits, `-` and `_`; empty or with `*` among them for all tenants.
    ///   - field: the path of the network in its document, for errors.
    public init(
        name: String, cidr: IPPrefix, blockMask: Int? = nil, tenants: [String] = [], blackouts: [IPPrefix] = [],
        field: String = "network"
    ) throws(TopologyError) {
        let usual = max(cidr.length, Network.usualBlockMask(cidr.family))
        let mask = blockMask.flatMap { $0 == 0 ? nil : $0 } ?? usual
        var problems = Network.problems(ofName: name, text: cidr.description, field: field)
        if !(cidr.length...cidr.family.bits).contains(mask) {
            problems.append(
                TopologyError(
                    field: "\(field).block_mask",
                    problem: "invalid blockmask \(mask) for network \(name): "
                        + "with cidr \(cidr) it must be \(cidr.length) to \(cidr.family.bits)"))
        }
        problems += Network.problems(ofTenants: tenants, of: name, field: field)
        for blackout in blackouts where !cidr.contains(blackout) || blackout == cidr {
            problems.append(
                TopologyError(
                    field: "\(field).blacked_out",
                    problem: "\(blackout) is not a part of cidr \(cidr) of network \(name)"))
        }
        if let error = TopologyError(problems) { throw error }
        self.name = name
        self.cidr = cidr
        self.blockMask = mask
        self.tenants = tenants.contains("*") ? [] : tenants
        self.blackouts = Network.outermost(of: blackouts)
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

    /// The same network with other blackouts.
    func blackingOut(_ blackouts: [IPPrefix], field: String) throws(TopologyError) -> Network {
        try Network(name: name, cidr: cidr, blockMask: blockMask, tenants: tenants, blackouts: blackouts, field: field)
    }

    /// What is wrong with a name; `text` stands for the network when it has none.
    static func problems(ofName name: String, text: String, field: String) -> [TopologyError] {
        guard !name.isEmpty else {
            return [TopologyError(field: "\(field).name", problem: "network \(text) has no name")]
        }
        guard name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x2f && $0 != 0x7f }), name.utf8.count <= 253 else {
            let problem = "\"\(name)\" has a space or a slash in it or is longer than 253 bytes"
            return [TopologyError(field: "\(field).name", problem: problem)]
        }
        return []
    }

    /// What is wrong with the names of tenants.
    static func problems(ofTenants tenants: [String], of name: String, field: String) -> [TopologyError] {
        tenants.enumerated().filter { $0.element != "*" && !isTenant($0.element) }.map { index, tenant in
            TopologyError(
                field: "\(field).tenants[\(index)]",
                problem: "bad tenant name \"\(tenant)\" of network \(name): only letters, digits, - and _ are allowed")
        }
    }

    /// Prefixes in order without those inside others; halves are not joined, so that each can be taken back.
    private static func outermost(of prefixes: [IPPrefix]) -> [IPPrefix] {
        prefixes.sorted().reduce(into: []) { kept, prefix in
            if kept.last?.contains(prefix) != true { kept.append(prefix) }
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
