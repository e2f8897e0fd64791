public import LinuxSystem
public import Netlink
import Synchronization

/// A machine's network that is only pretended: namespaces with links, addresses, routes, neighbours, rules
/// and queues.
///
/// It refuses what Linux refuses, with the same error numbers (`KernelTests/AgreementTests` holds the two against each
/// other), can be told to fail, and remembers what was asked of it. Safe to use from several threads.
public final class FakeNetwork: Sendable {
    let machine: Mutex<FakeMachine>
    private let hostIdentity = NetworkNamespace.Identity(device: 0, inode: 0)

    /// A machine with one namespace, the host's, that has a loopback and nothing else.
    public init() {
        var machine = FakeMachine()
        machine.namespaces[hostIdentity] = FakeNamespace()
        self.machine = Mutex(machine)
    }

    /// The kernel of the host's namespace.
    public var host: FakeNetworkKernel { FakeNetworkKernel(network: self, identity: hostIdentity) }

    /// Makes a namespace that this descriptor, and every duplicate of it, leads to: an empty file stands for it.
    public func openNamespace() throws(SystemError) -> FileDescriptor {
        let path = "/tmp/fake-namespace-\(try RandomBytes.make(8).map { String($0, radix: 16) }.joined())"
        let file = try FileDescriptor.open(path, [.readOnly, .create, .exclusive])
        try FileSystem.unlink(path)
        let identity = try NetworkNamespace.identity(file.rawValue)
        machine.withLock { $0.namespaces[identity] = FakeNamespace() }
        return file
    }

    /// The kernel of a namespace; what an agent under test is given in the place of `KernelNetwork.opened(in:)`.
    ///
    /// Throws EBADF for a closed descriptor, EINVAL for one that leads to no namespace.
    public func kernel(in namespace: Int32) throws(NetlinkError) -> FakeNetworkKernel {
        let identity = FakeMachine.identity(namespace)
        guard let identity else {
            throw NetlinkError(operation: "enter network namespace descriptor \(namespace)", errno: .EBADF)
        }
        guard machine.withLock({ $0.namespaces[identity] != nil }) else {
            throw NetlinkError(operation: "enter network namespace descriptor \(namespace)", errno: .EINVAL)
        }
        return FakeNetworkKernel(network: self, identity: identity)
    }

    /// Ends a namespace: its links go, and with them their other ends.
    public func removeNamespace(_ namespace: Int32) {
        machine.withLock { machine in
            guard let identity = FakeMachine.identity(namespace) else { return }
            for index in machine.namespaces[identity].map({ Array($0.links.keys) }) ?? [] {
                machine.remove(index, in: identity)
            }
            machine.namespaces[identity] = nil
        }
    }

    /// Makes the next operations of a kind fail, in whatever namespace.
    public func fail(_ kind: FakeOperationKind, with errno: Errno = .ENOBUFS, times: Int = 1) {
        machine.withLock { $0.failures[kind] = FakeMachine.Failure(errno: errno, remaining: times) }
    }

    /// Every operation of every namespace since the start or the last `forgetOperations`, refused ones included.
    public var operations: [NetworkOperation] { machine.withLock { $0.operations } }

    /// Empties the list of operations.
    public func forgetOperations() {
        machine.withLock { $0.operations = [] }
    }
}

/// What can be told to fail.
public enum FakeOperationKind: Hashable, Sendable, CaseIterable {
    /// Creation of a pair of links.
    case addVeth
    /// Creation of a link for redirections.
    case addIFB
    /// A change of a link.
    case setLink
    /// A look at a link.
    case settleLink
    /// A deletion of links, however named.
    case deleteLink
    /// An address put on a link.
    case addAddress
    /// An address taken off.
    case deleteAddress
    /// A route put.
    case replaceRoute
    /// A route removed.
    case deleteRoute
    /// A neighbour put.
    case replaceNeighbour
    /// A neighbour removed.
    case deleteNeighbour
    /// A discipline added.
    case addQueue
    /// A redirection added.
    case addRedirection
    /// A rule added.
    case addRule
    /// A rule removed.
    case deleteRule
    /// Reading of anything.
    case read
    /// The socket: nothing is known of the whole batch, and none of it was done.
    case socket

    init(_ operation: NetworkOperation) {
        self =
            switch operation {
            case .addVeth: .addVeth
            case .addIFB: .addIFB
            case .setLink: .setLink
            case .settleLink: .settleLink
            case .deleteLink, .deleteLinkNamed, .deleteLinkGroup: .deleteLink
            case .addAddress: .addAddress
            case .deleteAddress: .deleteAddress
            case .replaceRoute: .replaceRoute
            case .deleteRoute: .deleteRoute
            case .replaceNeighbour: .replaceNeighbour
            case .deleteNeighbour: .deleteNeighbour
            case .addQueue: .addQueue
            case .addRedirection: .addRedirection
            case .addRule: .addRule
            case .deleteRule: .deleteRule
            }
    }
}
