import Addresses
import CLinux
import CMnl
import LinuxSystem

/// The kernel of one network namespace, over one routing socket.
///
/// What it copes with:
/// - *A namespace belongs to a thread, a socket to a namespace:* the socket stays where it was opened, so that one
///   thread can hold many kernels.
/// - *Batches are not atomic:* every operation has its own outcome.
/// - *Thousands of operations at once* go out in slices whose answers fit in the receive buffer.
/// - *Lists that change while they are read* are read again.
/// - *A kernel without IPv6* has no addresses to generate; that is no error.
public final class KernelNetwork: NetworkKernel {
    let exchange: Exchange

    /// Opens the kernel of the calling thread's namespace.
    public init() throws(NetlinkError) {
        exchange = try Exchange()
    }

    private init(sharing exchange: Exchange) throws(NetlinkError) {
        self.exchange = try Exchange(sharing: exchange)
    }

    /// Opens the kernel of another namespace, given an open descriptor of it.
    ///
    /// The calling thread goes there and back; the socket stays.
    public static func opened(in namespace: Int32) throws(NetlinkError) -> KernelNetwork {
        let result: Result<KernelNetwork, NetlinkError>
        do throws(SystemError) {
            result = try NetworkNamespace.perform(in: namespace) {
                outcome { () throws(NetlinkError) in try KernelNetwork() }
            }
        } catch {
            throw NetlinkError(operation: "\(error.operation) \(error.subject)", errno: error.errno)
        }
        return try result.get()
    }

    /// Opens the kernel of a pod's namespace for a few batches; it shares this one's memory, so both are used by one
    /// thread, one at a time.
    ///
    /// The calling thread goes there and back `home`, which is an open descriptor of its own namespace.
    public func opened(in namespace: Int32, home: Int32) throws(NetlinkError) -> KernelNetwork {
        let result: Result<KernelNetwork, NetlinkError>
        do throws(SystemError) {
            result = try NetworkNamespace.perform(in: namespace, home: home) {
                Self.outcome { () throws(NetlinkError) in try KernelNetwork(sharing: exchange) }
            }
        } catch {
            throw NetlinkError(operation: "\(error.operation) \(error.subject)", errno: error.errno)
        }
        return try result.get()
    }

    /// An outcome as a value: a closure that may throw one kind of error cannot throw another.
    private static func outcome(
        _ body: () throws(NetlinkError) -> KernelNetwork
    ) -> Result<KernelNetwork, NetlinkError> {
        do throws(NetlinkError) {
            return .success(try body())
        } catch {
            return .failure(error)
        }
    }

    /// Runs operations in order; see ``NetworkKernel/apply(_:)``.
    public func apply(_ operations: [NetworkOperation]) throws(NetlinkError) -> [NetlinkError?] {
        try exchange.run(operations)
    }

    /// Creates a pair; see ``NetworkKernel/createVethPair(_:)``.
    ///
    /// One request makes both ends and its echo tells their numbers. Switching address generation off needs a second
    /// one, since the kernel refuses it on creation; until the far end is up no address is made.
    public func createVethPair(_ pair: VethPair) throws(NetlinkError) -> VethIndexes {
        let creation = NetworkOperation.addVeth(pair)
        var indexes: VethIndexes?
        let outcome = try exchange.run([EchoedOperation(creation)]) { reply in
            if let shown = reply.linkIndexes { indexes = shown }
        }
        for case let refusal? in outcome { throw refusal }
        guard let indexes else {
            throw NetlinkError(operation: "\(creation)", errno: .EIO, kernelText: "the new link was not echoed")
        }
        let change = LinkChange(index: indexes.host, alias: pair.alias, addressGeneration: AddressGeneration.none)
        for case let refusal? in try exchange.run([NetworkOperation.setLink(change)]) {
            _ = try exchange.run([NetworkOperation.deleteLink(index: indexes.host)])
            throw refusal
        }
        return indexes
    }

    /// Creates a link for redirections; see ``NetworkKernel/createIFB(_:)``.
    public func createIFB(_ link: IFBLink) throws(NetlinkError) -> UInt32 {
        let creation = NetworkOperation.addIFB(link)
        var index: UInt32?
        let outcome = try exchange.run([EchoedOperation(creation)]) { reply in
            if let shown = reply.linkIndex { index = shown }
        }
        for case let refusal? in outcome { throw refusal }
        guard let index else {
            throw NetlinkError(operation: "\(creation)", errno: .EIO, kernelText: "the new link was not echoed")
        }
        return index
    }
}

extension Reply {
    /// The number in an RTM_NEWLINK.
    fileprivate var linkIndex: UInt32? {
        guard type == UInt16(RTM_NEWLINK),
            mnl_nlmsg_get_payload_len(header) >= MemoryLayout<ifinfomsg>.size,
            let payload = mnl_nlmsg_get_payload(header)
        else { return nil }
        return UInt32(bitPattern: payload.assumingMemoryBound(to: ifinfomsg.self).pointee.ifi_index)
    }

    /// The numbers in an RTM_NEWLINK: of the link, and of its other end (IFLA_LINK).
    ///
    /// Read by hand, since the whole object is not needed on the way of a pod.
    fileprivate var linkIndexes: VethIndexes? {
        guard let host = linkIndex else { return nil }
        for attribute in AttributeList(header, offset: MemoryLayout<ifinfomsg>.size)
        where attribute.type == UInt16(IFLA_LINK) && attribute.bytes.count == 4 {
            return VethIndexes(host: host, peer: attribute.bytes.loadUnaligned(as: UInt32.self))
        }
        return nil
    }
}
