import Addresses

/// The marks by which an agent with no memory recognises what is its own in the kernel, all in one place.
///
/// | object | mark |
/// | --- | --- |
/// | link | name `rom` + 12 hex digits, and an alias that begins with `romana` |
/// | link that holds a pod's egress to a rate | name `romi` + 11 hex digits, the alias of the pod's link |
/// | link that waits for its end | group ``reapGroup`` |
/// | route | protocol ``routeProtocol`` in table ``defaultTable`` |
/// | rule | protocol ``routeProtocol`` |
enum Ownership {
    /// What the names of our links begin with.
    static let linkPrefix = "rom"
    /// The group of links of running pods: `ip link show group 7170`.
    static let podGroup: UInt32 = 7170
    /// The group of links that are to be deleted together: `ip link delete group 7171`.
    static let reapGroup: UInt32 = 7171
    /// Our number in `/etc/iproute2/rt_protos` terms: unassigned there and by no routing daemon (linux/rtnetlink.h).
    static let routeProtocol: UInt8 = 71
    /// The table `romana` of the documents.
    static let defaultTable: UInt32 = 10
    /// Looked up before `main` (32766), after `local` (0).
    static let rulePriority: UInt32 = 32_700

    /// The IPv4 gateway that every pod sees; never on any link (RFC 3927 range).
    static let gateway4 = IPv4Address(rawValue: 0xa9fe_0101)
    /// The IPv6 gateway that every pod sees: the EUI-64 address of ``hostMAC``.
    static let gateway6 = IPv6Address(rawValue: 0xfe80_0000_0000_0000_ecee_eeff_feee_eeee)
    /// The hardware address of the host's end of every pair.
    static let hostMAC = MACAddress(0xee, 0xee, 0xee, 0xee, 0xee, 0xee)

    /// The gateway that pods see in a family.
    static func gateway(_ family: AddressFamily) -> IPAddress {
        family == .ipv4 ? .v4(gateway4) : .v6(gateway6)
    }
}
