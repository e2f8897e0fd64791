public import Addresses

/// The routing part of one network namespace's kernel: links, addresses, routes, neighbours, rules
/// and queues.
///
/// Used by one thread at a time. ``KernelNetwork`` is the real one; tests have a fake that refuses what Linux refuses.
public protocol NetworkKernel: AnyObject {
    /// Runs operations in order, in as few system calls as they fit in.
    ///
    /// Not atomic: what follows a refused operation still runs. Answers one entry for each operation, nil where it
    /// was done. Throws when the socket itself fails; then nothing is known of the operations.
    func apply(_ operations: [NetworkOperation]) throws(NetlinkError) -> [NetlinkError?]

    /// Creates a pair whose far end is born in another namespace, and tells the interface numbers of both.
    ///
    /// The near end is up; neither has an address. Throws EEXIST if either name is taken, and leaves nothing behind.
    func createVethPair(_ pair: VethPair) throws(NetlinkError) -> VethIndexes

    /// Creates a link for ``IngressRedirection``, down, and tells its interface number.
    ///
    /// Throws EEXIST if the name is taken, EOPNOTSUPP if the kernel has no such links.
    func createIFB(_ link: IFBLink) throws(NetlinkError) -> UInt32

    /// The disciplines of a link that were given to it: of what it sends and of what comes in; none if it has gone.
    func queues(interface: UInt32) throws(NetlinkError) -> [QueueDiscipline]

    /// The links of the namespace that match, by interface number.
    func links(matching filter: LinkFilter) throws(NetlinkError) -> [Link]

    /// One link by name, nil if there is none; asks for that link alone.
    func link(named name: String) throws(NetlinkError) -> Link?

    /// One link by interface number, nil if there is none.
    func link(index: UInt32) throws(NetlinkError) -> Link?

    /// The addresses of one link, or of all.
    func addresses(interface: UInt32?) throws(NetlinkError) -> [InterfaceAddress]

    /// The routes of a family, narrowed by the kernel to a table and a protocol where they are given.
    func routes(table: UInt32?, routeProtocol: UInt8?, family: AddressFamily) throws(NetlinkError) -> [Route]

    /// The neighbour entries of one link, or of all, of both families: those with a hardware address, but for
    /// multicast ones.
    func neighbours(interface: UInt32?) throws(NetlinkError) -> [Neighbour]

    /// The rules of a family that lead to a table, by priority.
    func rules(family: AddressFamily) throws(NetlinkError) -> [RoutingRule]

    /// The route that a packet to an address would take now; nil if it would not leave.
    func routeLookup(to address: IPAddress) throws(NetlinkError) -> Route?
}

extension NetworkKernel {
    /// Creates a pair as ``createVethPair(_:)`` does, and tells the interface number of the near end.
    public func createVeth(_ pair: VethPair) throws(NetlinkError) -> UInt32 {
        try createVethPair(pair).host
    }

    /// Every link of the namespace.
    public func links() throws(NetlinkError) -> [Link] {
        try links(matching: .all)
    }

    /// Runs one operation and throws if it is refused.
    public func perform(_ operation: NetworkOperation) throws(NetlinkError) {
        for case let refusal? in try apply([operation]) { throw refusal }
    }

    /// Runs operations and throws the first refusal; the others have run.
    public func perform(_ operations: [NetworkOperation]) throws(NetlinkError) {
        for case let refusal? in try apply(operations) { throw refusal }
    }
}
