public import Addresses

extension PolicyOracle.Endpoint: LosslessStringConvertible {
    /// Reads `NAMESPACE/NAME`, an address, or `node:NAME`; nil for anything else.
    public init?(_ text: String) {
        if let address = IPAddress(text) {
            self = .address(address)
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        if text.hasPrefix("node:"), text.count > 5, parts.count == 1 {
            self = .node(String(text.dropFirst(5)))
        } else if parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) {
            self = .pod(parts[0], parts[1])
        } else {
            return nil
        }
    }
}

extension PolicyOracle.Traffic {
    /// Reads `tcp/80`, `udp/53`, `sctp/5000`, or `icmp`, which is an echo request of the family; nil for anything else.
    public init?(_ text: String, family: AddressFamily) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 1, parts[0].lowercased() == "icmp" {
            self = .echoRequest(family)
        } else if parts.count == 2, let transport = NetworkPolicy.Transport(rawValue: parts[0].uppercased()),
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(parts[1])
        {
            self = .port(transport, port)
        } else {
            return nil
        }
    }

    /// What `ping` sends.
    public static func echoRequest(_ family: AddressFamily) -> Self {
        .icmp(type: family == .ipv4 ? 8 : 128, code: 0)
    }
}
