public import Addresses
import LinuxSystem
public import Netlink
import Synchronization

/// One namespace of a ``FakeNetwork``, in the place of a `KernelNetwork`.
public final class FakeNetworkKernel: NetworkKernel, Sendable {
    /// The machine it belongs to.
    public let network: FakeNetwork
    let identity: NetworkNamespace.Identity

    init(network: FakeNetwork, identity: NetworkNamespace.Identity) {
        self.network = network
        self.identity = identity
    }

    /// Runs operations in order.
    public func apply(_ operations: [NetworkOperation]) throws(NetlinkError) -> [NetlinkError?] {
        let (wrong, outcome) = network.machine.withLock { machine -> (Errno?, [NetlinkError?]) in
            if let errno = machine.failure(of: .socket) { return (errno, []) }
            return (nil, operations.map { machine.refusal(of: $0, in: identity) })
        }
        if let wrong {
            throw NetlinkError(operation: "talk to the kernel about \(operations.count) operations", errno: wrong)
        }
        return outcome
    }

    /// Creates a pair.
    public func createVethPair(_ pair: VethPair) throws(NetlinkError) -> VethIndexes {
        let result = network.machine.withLock { machine -> Result<VethIndexes, Errno> in
            machine.operations.append(.addVeth(pair))
            if let errno = machine.failure(of: .socket) ?? machine.failure(of: .addVeth) { return .failure(errno) }
            do throws(Errno) {
                let indexes = try machine.addVeth(pair, in: identity)
                try machine.set(
                    LinkChange(index: indexes.host, alias: pair.alias, addressGeneration: AddressGeneration.none),
                    in: identity)
                return .success(indexes)
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let indexes): return indexes
        case .failure(let errno): throw NetlinkError(operation: "add veth \(pair)", errno: errno)
        }
    }

    /// Creates a link for redirections.
    public func createIFB(_ link: IFBLink) throws(NetlinkError) -> UInt32 {
        let result = network.machine.withLock { machine -> Result<UInt32, Errno> in
            machine.operations.append(.addIFB(link))
            if let errno = machine.failure(of: .socket) ?? machine.failure(of: .addIFB) { return .failure(errno) }
            do throws(Errno) {
                return .success(try machine.addIFB(link, in: identity))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let index): return index
        case .failure(let errno): throw NetlinkError(operation: "\(NetworkOperation.addIFB(link))", errno: errno)
        }
    }

    /// The disciplines of a link, that of what it sends first.
    public func queues(interface: UInt32) throws(NetlinkError) -> [QueueDiscipline] {
        try read("read queues of if\(interface)") { namespace in
            let own = namespace.queues.filter { $0.interface == interface }
            return own.filter { $0.kind != .ingress } + own.filter { $0.kind == .ingress }
        }
    }

    /// The links that match, by number.
    public func links(matching filter: LinkFilter) throws(NetlinkError) -> [Link] {
        try read("list links") { $0.links.values.filter(filter.matches).sorted { $0.index < $1.index } }
    }

    /// One link by name.
    public func link(named name: String) throws(NetlinkError) -> Link? {
        try read("read link \(name)") { namespace in namespace.index(of: name).flatMap { namespace.links[$0] } }
    }

    /// One link by number.
    public func link(index: UInt32) throws(NetlinkError) -> Link? {
        try read("read link if\(index)") { $0.links[index] }
    }

    /// The addresses of one link or all.
    public func addresses(interface: UInt32?) throws(NetlinkError) -> [InterfaceAddress] {
        try read("list addresses") { $0.addresses.filter { interface == nil || $0.interface == interface } }
    }

    /// Routes of a family.
    public func routes(
        table: UInt32?, routeProtocol: UInt8?, family: AddressFamily
    ) throws(NetlinkError) -> [Route] {
        try read("list routes") { namespace in
            (namespace.connectedRoutes + namespace.routes).filter {
                $0.destination.family == family && (table == nil || $0.table == table)
                    && (routeProtocol == nil || $0.routeProtocol == routeProtocol)
            }
        }
    }

    /// Neighbours of one link or all.
    public func neighbours(interface: UInt32?) throws(NetlinkError) -> [Neighbour] {
        try read("list neighbours") { $0.neighbours.filter { interface == nil || $0.interface == interface } }
    }

    /// Rules of a family, by priority.
    public func rules(family: AddressFamily) throws(NetlinkError) -> [RoutingRule] {
        try read("list rules") { namespace in
            namespace.rules.filter { $0.family == family }.sorted { $0.priority < $1.priority }
        }
    }

    /// The route that a packet would take.
    public func routeLookup(to address: IPAddress) throws(NetlinkError) -> Route? {
        try read("look up route to \(address)") { $0.lookup(address) }
    }

    private func read<Value: Sendable>(
        _ operation: String, _ body: (FakeNamespace) -> Value
    ) throws(NetlinkError) -> Value {
        let result = network.machine.withLock { machine -> Result<Value, Errno> in
            if let errno = machine.failure(of: .read) { return .failure(errno) }
            return .success(body(machine.namespaces[identity] ?? FakeNamespace()))
        }
        switch result {
        case .success(let value): return value
        case .failure(let errno): throw NetlinkError(operation: operation, errno: errno)
        }
    }
}

extension FakeMachine {
    fileprivate mutating func refusal(
        of operation: NetworkOperation, in identity: NetworkNamespace.Identity
    ) -> NetlinkError? {
        do throws(Errno) {
            try perform(operation, in: identity)
            return nil
        } catch {
            return NetlinkError(operation: "\(operation)", errno: error)
        }
    }
}

extension FakeNetworkKernel: CustomStringConvertible {
    /// The namespace's state, an object a line, as `ip` would show it; sorted, so that two can be compared as text.
    public var description: String {
        let namespace = network.machine.withLock { $0.namespaces[identity] ?? FakeNamespace() }
        var lines: [String] = []
        for link in namespace.links.values.sorted(by: { $0.index < $1.index }) {
            var line = "link if\(link.index) \(link.name) \(link.isUp ? "up" : "down") mtu \(link.mtu)"
            if link.group != 0 { line += " group \(link.group)" }
            if let alias = link.alias { line += " alias \"\(alias)\"" }
            lines.append(line)
        }
        lines += namespace.addresses.map { "address \($0)" }.sorted()
        lines += namespace.routes.map { "route \($0)" }.sorted()
        lines += namespace.neighbours.map { "neighbour \($0)" }.sorted()
        lines += namespace.queues.map { "qdisc \($0)" }.sorted()
        lines += namespace.redirections.map { "filter \($0)" }.sorted()
        lines += namespace.rules.filter { $0.routeProtocol != 2 }.map { "rule \($0)" }.sorted()
        return lines.joined(separator: "\n")
    }
}
