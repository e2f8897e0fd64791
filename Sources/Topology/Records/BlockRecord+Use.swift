import Addresses

extension BlockRecord {
    /// Whether pods may have addresses of it: some are counted, or a tenant has it and the count is not written yet.
    public var isInUse: Bool { allocated > 0 || isTagged }

    /// Whether it is part of another group than its host takes new blocks from: it spilled there, or the host moved.
    public func isOutside(_ host: HostRecord) -> Bool {
        host.groups[network]?.cidr.contains(cidr) != true
    }

    /// What it is and what it is used for, for errors: `block 10.0.0.0/29 of host n1 (3 addresses of t/default)`.
    var text: String {
        let use = "\(allocated) \(allocated == 1 ? "address" : "addresses")"
        return "block \(cidr) of host \(host) (\(use)\(isTagged ? " of \(tenant)/\(segment)" : ""))"
    }
}
