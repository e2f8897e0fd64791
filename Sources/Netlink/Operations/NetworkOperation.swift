/// One change to the routing part of a namespace's kernel.
public enum NetworkOperation: Hashable, Sendable {
    /// Creates a pair of links: `ip link add HOST up type veth peer name eth0 netns FD`.
    ///
    /// Its address generation is left alone; ``NetworkKernel/createVethPair(_:)`` is the whole of it.
    case addVeth(VethPair)
    /// Creates a link for ``IngressRedirection``: `ip link add NAME type ifb`.
    ///
    /// ``NetworkKernel/createIFB(_:)`` tells its number. EOPNOTSUPP if the kernel has no such links.
    case addIFB(IFBLink)
    /// Changes a link: `ip link set`.
    ///
    /// ENODEV if there is none.
    case setLink(LinkChange)
    /// Makes a link whose other side has just come up carry packets now: `ip link show dev IF`.
    ///
    /// The kernel switches a queue on from a worker, milliseconds later on a busy machine, and drops what is sent until
    /// then; asked about the link (Linux 6.8 and later) it does so at once. ENODEV if there is none.
    case settleLink(index: UInt32)
    /// Deletes a link by number: `ip link delete`.
    ///
    /// Takes 16 ms, whatever else is in the batch.
    case deleteLink(index: UInt32)
    /// Deletes a link by name.
    ///
    /// ENODEV if there is none.
    case deleteLinkNamed(String)
    /// Deletes every link of a group at once: `ip link delete group N`.
    ///
    /// ENODEV if it has none.
    case deleteLinkGroup(UInt32)
    /// Adds an address: `ip address add`.
    ///
    /// EEXIST if the link has it.
    case addAddress(InterfaceAddress)
    /// Removes an address: `ip address delete`.
    ///
    /// EADDRNOTAVAIL if the link has it not.
    case deleteAddress(InterfaceAddress)
    /// Puts a route in the place of any other to the destination: `ip route replace`.
    case replaceRoute(Route)
    /// Removes a route: `ip route delete`.
    ///
    /// ESRCH if there is none such.
    case deleteRoute(Route)
    /// Puts a permanent neighbour entry: `ip neighbour replace ... nud permanent`.
    case replaceNeighbour(Neighbour)
    /// Removes a neighbour entry: `ip neighbour delete`.
    ///
    /// ENOENT if there is none.
    case deleteNeighbour(Neighbour)
    /// Holds what a link sends to a rate, or makes room for filters of what comes in: `tc qdisc add`.
    ///
    /// EEXIST if the link has such a discipline. It goes with the link.
    case addQueue(QueueDiscipline)
    /// Sends what comes in on a link through another: `tc filter add`.
    ///
    /// EINVAL if the link has no ingress discipline, ENODEV if there is no such other link.
    case addRedirection(IngressRedirection)
    /// Adds a rule: `ip rule add`.
    ///
    /// EEXIST if there is the same.
    case addRule(RoutingRule)
    /// Removes a rule: `ip rule delete`.
    ///
    /// ENOENT if there is none such.
    case deleteRule(RoutingRule)
}

extension NetworkOperation: CustomStringConvertible {
    /// A sentence without an end: a verb, the kind of object, and the object as `ip` takes it.
    public var description: String {
        switch self {
        case .addVeth(let pair): "add veth \(pair)"
        case .addIFB(let link): "add link \(link)"
        case .setLink(let change): "set link \(change)"
        case .settleLink(let index): "settle link if\(index)"
        case .deleteLink(let index): "delete link if\(index)"
        case .deleteLinkNamed(let name): "delete link \(name)"
        case .deleteLinkGroup(let group): "delete links of group \(group)"
        case .addAddress(let address): "add address \(address)"
        case .deleteAddress(let address): "delete address \(address)"
        case .replaceRoute(let route): "replace route \(route)"
        case .deleteRoute(let route): "delete route \(route)"
        case .replaceNeighbour(let neighbour): "replace neighbour \(neighbour)"
        case .deleteNeighbour(let neighbour): "delete neighbour \(neighbour)"
        case .addQueue(let queue): "add qdisc \(queue)"
        case .addRedirection(let redirection): "add filter \(redirection)"
        case .addRule(let rule): "add rule \(rule)"
        case .deleteRule(let rule): "delete rule \(rule)"
        }
    }
}
