public import Addresses

/// Matches as rules use them: each is a few expressions that go on only where the packet is as said.
extension [NftExpression] {
    /// `meta nfproto ipv4`, or ipv6.
    public static func family(_ family: AddressFamily) -> [NftExpression] {
        // NFPROTO_IPV4 is 2, NFPROTO_IPV6 is 10 (linux/netfilter.h).
        [.meta(.networkProtocol, .first), .compare(.first, .equal, [family == .ipv4 ? 2 : 10])]
    }

    /// `meta l4proto NUMBER`.
    public static func transport(_ number: UInt8) -> [NftExpression] {
        [.meta(.transportProtocol, .first), .compare(.first, .equal, [number])]
    }

    /// `iifname "PREFIX*"`, or with `!=`.
    public static func inputInterface(prefix: String, isInverted: Bool = false) -> [NftExpression] {
        [.meta(.inputInterfaceName, .first), .compare(.first, isInverted ? .notEqual : .equal, [UInt8](prefix.utf8))]
    }

    /// `oifname "PREFIX*"`, or with `!=`.
    public static func outputInterface(prefix: String, isInverted: Bool = false) -> [NftExpression] {
        [.meta(.outputInterfaceName, .first), .compare(.first, isInverted ? .notEqual : .equal, [UInt8](prefix.utf8))]
    }

    /// `oifname "NAME"`, the whole name.
    public static func outputInterface(_ name: String) -> [NftExpression] {
        let bytes = [UInt8](name.utf8.prefix(15))
        return [
            .meta(.outputInterfaceName, .first),
            .compare(.first, .equal, bytes + [UInt8](repeating: 0, count: 16 - bytes.count)),
        ]
    }

    /// `ct state established,related`: bits 1 and 2 (NF_CT_STATE_BIT).
    public static var replies: [NftExpression] {
        [
            .connection(.state, .first), .bitwise(.first, into: .first, mask: native(6), xor: native(0)),
            .compare(.first, .notEqual, native(0)),
        ]
    }

    /// `ct status dnat`: bit 5 (IPS_DST_NAT).
    public static var translatedDestination: [NftExpression] {
        [
            .connection(.status, .first), .bitwise(.first, into: .first, mask: native(32), xor: native(0)),
            .compare(.first, .notEqual, native(0)),
        ]
    }

    /// `fib daddr type != local`: RTN_LOCAL is 2 (linux/rtnetlink.h).
    public static var notToThisNode: [NftExpression] {
        [.destinationKind(.first), .compare(.first, .notEqual, native(2))]
    }

    /// A number that packets are not asked for: `meta mark & N | N`, which `nft` can print in a concatenation.
    public static func constant(_ number: UInt32, into register: NftRegister) -> [NftExpression] {
        [
            .meta(.mark, register),
            .bitwise(register, into: register, mask: native(0), xor: native(number)),
        ]
    }

    /// A number as registers hold it: in the machine's byte order.
    private static func native(_ number: UInt32) -> [UInt8] { Swift.withUnsafeBytes(of: number, [UInt8].init) }
}

extension NftExpression {
    /// The address that a packet comes from, in a register.
    public static func source(_ family: AddressFamily, _ register: NftRegister) -> NftExpression {
        family == .ipv4
            ? .payload(.network, offset: 12, length: 4, register) : .payload(.network, offset: 8, length: 16, register)
    }

    /// The address that a packet goes to, in a register.
    public static func destination(_ family: AddressFamily, _ register: NftRegister) -> NftExpression {
        family == .ipv4
            ? .payload(.network, offset: 16, length: 4, register)
            : .payload(.network, offset: 24, length: 16, register)
    }

    /// The port that a packet goes to, in a register; TCP, UDP and SCTP have it at the same place.
    public static func destinationPort(_ register: NftRegister) -> NftExpression {
        .payload(.transport, offset: 2, length: 2, register)
    }
}
