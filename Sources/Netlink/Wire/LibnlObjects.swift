import CNlRoute
import LinuxSystem

// Objects of libnl, each with one owner that gives it back. Setters of libnl take references of their own, so an
// address may go as soon as it has been set.

/// A message that libnl built.
struct Message: ~Copyable {
    let pointer: OpaquePointer

    /// Takes the message that a function of libnl leaves behind its last argument.
    init(_ build: (UnsafeMutablePointer<OpaquePointer?>) -> Int32) throws(Errno) {
        var pointer: OpaquePointer?
        let wrong = build(&pointer)
        guard wrong >= 0, let pointer else { throw wrong == -NLE_NOMEM ? .ENOMEM : .EINVAL }
        self.pointer = pointer
    }

    /// A copy of a message that was received.
    init(copying header: UnsafePointer<nlmsghdr>) throws(Errno) {
        guard let pointer = nlmsg_convert(UnsafeMutablePointer(mutating: header)) else { throw .ENOMEM }
        nlmsg_set_proto(pointer, NETLINK_ROUTE)
        self.pointer = pointer
    }

    deinit { nlmsg_free(pointer) }
}

/// A protocol or hardware address.
struct BinaryAddress: ~Copyable {
    let pointer: OpaquePointer

    init(family: Int32, _ bytes: [UInt8], prefixLength: Int? = nil) throws(Errno) {
        guard let pointer = nl_addr_build(family, bytes, bytes.count) else { throw .ENOMEM }
        if let prefixLength { nl_addr_set_prefixlen(pointer, Int32(prefixLength)) }
        self.pointer = pointer
    }

    deinit { nl_addr_put(pointer) }
}

/// A link.
struct LinkObject: ~Copyable {
    let pointer: OpaquePointer

    init() throws(Errno) { pointer = try Self.allocated(rtnl_link_alloc()) }

    private init(owning pointer: OpaquePointer) { self.pointer = pointer }

    /// A link of kind veth.
    static func veth() throws(Errno) -> LinkObject {
        LinkObject(owning: try allocated(rtnl_link_veth_alloc()))
    }

    /// The other end of a link of kind veth.
    func peer() throws(Errno) -> LinkObject {
        LinkObject(owning: try Self.allocated(rtnl_link_veth_get_peer(pointer)))
    }

    private static func allocated(_ pointer: OpaquePointer?) throws(Errno) -> OpaquePointer {
        guard let pointer else { throw .ENOMEM }
        return pointer
    }

    deinit { rtnl_link_put(pointer) }
}

/// An address on a link.
struct InterfaceAddressObject: ~Copyable {
    let pointer: OpaquePointer

    init() throws(Errno) {
        guard let pointer = rtnl_addr_alloc() else { throw .ENOMEM }
        self.pointer = pointer
    }

    deinit { rtnl_addr_put(pointer) }
}

/// A route.
struct RouteObject: ~Copyable {
    let pointer: OpaquePointer

    init() throws(Errno) {
        guard let pointer = rtnl_route_alloc() else { throw .ENOMEM }
        self.pointer = pointer
    }

    /// Gives the route a next hop, which it owns from then on.
    func addNextHop() throws(Errno) -> OpaquePointer {
        guard let hop = rtnl_route_nh_alloc() else { throw .ENOMEM }
        rtnl_route_add_nexthop(pointer, hop)
        return hop
    }

    deinit { rtnl_route_put(pointer) }
}

/// A neighbour entry.
struct NeighbourObject: ~Copyable {
    let pointer: OpaquePointer

    init() throws(Errno) {
        guard let pointer = rtnl_neigh_alloc() else { throw .ENOMEM }
        self.pointer = pointer
    }

    deinit { rtnl_neigh_put(pointer) }
}

/// A rule.
struct RuleObject: ~Copyable {
    let pointer: OpaquePointer

    init() throws(Errno) {
        guard let pointer = rtnl_rule_alloc() else { throw .ENOMEM }
        self.pointer = pointer
    }

    deinit { rtnl_rule_put(pointer) }
}
