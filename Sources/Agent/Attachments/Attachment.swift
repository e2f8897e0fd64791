public import Addresses
public import CNIProtocol

/// One interface of one pod, as the node knows it.
public struct Attachment: Hashable, Sendable {
    /// An address of the attachment and where it came from.
    public struct Address: Hashable, Sendable {
        /// The pod's address.
        public var address: IPAddress
        /// The block that it was taken from.
        public var block: IPPrefix
        /// The Romana network of the block.
        public var network: String
    }

    /// Container and interface.
    public var key: AttachmentKey
    /// The `name` of the network configuration that asked for it; GC looks at this.
    public var network: String
    /// The pod's namespace, which is its tenant; empty when the runtime named none.
    public var namespace: String
    /// The pod's name; empty when the runtime named none.
    public var pod: String
    /// The segment of the tenant that its addresses belong to.
    public var segment: String
    /// The path of the network namespace as the runtime gave it.
    public var sandbox: String
    /// Device and inode of the network namespace: the same path may name another namespace later.
    public var sandboxIdentity: String
    /// The host's end of the pair.
    public var veth: String
    /// The interface index of the host's end; 0 until it is known.
    public var hostIndex: UInt32
    /// The hardware address of the pod's end.
    public var mac: MACAddress
    /// The link's MTU in bytes.
    public var mtu: UInt32
    /// One address of each family.
    public var addresses: [Address]
    /// The ports of the node that lead to it.
    public var portMappings: [PortMapping] = []
    /// What it is held to; nil for no limit.
    public var bandwidth: BandwidthLimits?
    /// The interface index of the link that holds what it sends to a rate; 0 if there is none, or until it is known.
    public var ifbIndex: UInt32 = 0
    /// When it was made, in seconds since 1970; nil when nobody remembers.
    public var since: Int64?

    /// The tenant that addresses are taken for.
    public var tenant: String { namespace.isEmpty ? "default" : namespace }

    /// How messages name the attachment.
    public var title: String {
        pod.isEmpty ? key.description : "\(namespace)/\(pod) (\(key))"
    }
}
