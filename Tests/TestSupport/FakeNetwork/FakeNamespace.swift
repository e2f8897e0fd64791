import Addresses
import LinuxSystem
import Netlink

/// What one namespace of the fake holds.
struct FakeNamespace {
    var links: [UInt32: Link] = [1: Link(index: 1, name: "lo", mtu: 65536, isLoopback: true)]
    /// The other ends of pairs.
    var peers: [UInt32: FakeEnd] = [:]
    var addresses: [InterfaceAddress] = []
    var routes: [Route] = []
    var neighbours: [Neighbour] = []
    var rules: [RoutingRule] = [
        RoutingRule(family: .ipv4, table: 255, priority: 0, routeProtocol: 2),
        RoutingRule(family: .ipv4, table: 254, priority: 32766, routeProtocol: 2),
        RoutingRule(family: .ipv4, table: 253, priority: 32767, routeProtocol: 2),
        RoutingRule(family: .ipv6, table: 255, priority: 0, routeProtocol: 2),
        RoutingRule(family: .ipv6, table: 254, priority: 32766, routeProtocol: 2),
    ]
    var queues: [QueueDiscipline] = []
    var redirections: [IngressRedirection] = []
    var nextIndex: UInt32 = 2

    func index(of name: String) -> UInt32? {
        links.values.first { $0.name == name }?.index
    }

    func link(_ index: UInt32) throws(Errno) -> Link {
        guard let link = links[index] else { throw .ENODEV }
        return link
    }
}

/// One end of a pair: a link in a namespace.
struct FakeEnd {
    let identity: NetworkNamespace.Identity
    let index: UInt32
}

/// All namespaces of the fake, what shall fail, and what was asked.
struct FakeMachine {
    struct Failure {
        let errno: Errno
        var remaining: Int
    }

    var namespaces: [NetworkNamespace.Identity: FakeNamespace] = [:]
    var failures: [FakeOperationKind: Failure] = [:]
    var operations: [NetworkOperation] = []

    /// What a descriptor leads to; nil for a closed one.
    static func identity(_ fd: Int32) -> NetworkNamespace.Identity? {
        try? NetworkNamespace.identity(fd)
    }

    /// The error that a kind was told to fail with; each is used up.
    mutating func failure(of kind: FakeOperationKind) -> Errno? {
        guard let failure = failures[kind], failure.remaining > 0 else { return nil }
        failures[kind]?.remaining -= 1
        return failure.errno
    }

    /// Runs one operation in a namespace.
    mutating func perform(_ operation: NetworkOperation, in identity: NetworkNamespace.Identity) throws(Errno) {
        operations.append(operation)
        if let errno = failure(of: FakeOperationKind(operation)) { throw errno }
        guard var namespace = namespaces[identity] else { throw .ENODEV }
        switch operation {
        case .addVeth(let pair): _ = try addVeth(pair, in: identity)
        case .addIFB(let link): _ = try addIFB(link, in: identity)
        case .setLink(let change): try set(change, in: identity)
        case .settleLink(let index): _ = try namespace.link(index)
        case .deleteLink(let index): try delete(index, in: identity)
        case .deleteLinkNamed(let name):
            guard let index = namespace.index(of: name) else { throw .ENODEV }
            try delete(index, in: identity)
        case .deleteLinkGroup(let group): try deleteGroup(group, in: identity)
        case .addAddress(let address): try namespace.add(address)
        case .deleteAddress(let address): try namespace.delete(address)
        case .replaceRoute(let route): try namespace.replace(route)
        case .deleteRoute(let route): try namespace.delete(route)
        case .replaceNeighbour(let neighbour): try namespace.replace(neighbour)
        case .deleteNeighbour(let neighbour): try namespace.delete(neighbour)
        case .addQueue(let queue): try namespace.add(queue)
        case .addRedirection(let redirection): try namespace.add(redirection)
        case .addRule(let rule): try namespace.add(rule)
        case .deleteRule(let rule): try namespace.delete(rule)
        }
        switch operation {
        case .addVeth, .addIFB, .setLink, .deleteLink, .deleteLinkNamed, .deleteLinkGroup: break
        default: namespaces[identity] = namespace
        }
    }
}
