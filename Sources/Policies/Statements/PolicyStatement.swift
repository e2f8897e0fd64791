public import Addresses

/// What a policy says, whoever wrote it: the one form that is compiled.
///
/// - *Isolation:* a pod that a statement with ``ingress`` selects takes only what one of its statements allows; the
///   same for ``egress``. A direction that is nil says nothing.
/// - *Denials* (Romana's egress policies) come before whatever is allowed and isolate nobody.
public struct PolicyStatement: Hashable, Sendable {
    /// Pods of one namespace.
    public struct Subject: Hashable, Sendable {
        /// The namespace's name.
        public var namespace: String
        /// Its pods; empty means all.
        public var pods: LabelSelector

        /// Pods of a namespace.
        public init(namespace: String, pods: LabelSelector = LabelSelector()) {
            self.namespace = namespace
            self.pods = pods
        }
    }

    /// Traffic of some kinds with some peers.
    public struct Clause: Hashable, Sendable {
        /// The other ends; nil means everybody, an empty list nobody.
        public var peers: [Peer]?
        /// The kinds of traffic; nil means everything, an empty list nothing.
        public var traffic: [Traffic]?

        /// A clause; without arguments it is about everything.
        public init(peers: [Peer]? = nil, traffic: [Traffic]? = nil) {
            self.peers = peers
            self.traffic = traffic
        }
    }

    /// One sort of other end.
    public enum Peer: Hashable, Sendable {
        /// The pods of a group.
        case pods(PodGroup)
        /// Addresses of a block, less those of the exceptions.
        case block(IPPrefix, except: [IPPrefix])
    }

    /// One kind of traffic.
    public enum Traffic: Hashable, Sendable {
        /// Ports of a protocol: of the destination, 0...65535 for all of them.
        case ports(NetworkPolicy.Transport, ClosedRange<UInt16>)
        /// The port that the destination pod's containers give this name; no match where they do not.
        case named(NetworkPolicy.Transport, String)
        /// ICMP, ICMPv6 for pods' IPv6 addresses; type and code where they are not nil.
        case icmp(type: UInt8?, code: UInt8?)
    }

    /// The policy's name in etcd: `kube.NAMESPACE.NAME.UID` or that of a policy of Romana's own.
    public var id: String
    /// How people know it: `NAMESPACE/NAME`, or the id.
    public var title: String
    /// The pods that it is about.
    public var subjects: [Subject]
    /// What may come to them; nil when nothing is said.
    public var ingress: [Clause]?
    /// What they may send; nil when nothing is said.
    public var egress: [Clause]?
    /// What they may not send, whatever else is allowed.
    public var egressDenials: [Clause]

    /// A statement.
    public init(
        id: String, title: String, subjects: [Subject], ingress: [Clause]? = nil, egress: [Clause]? = nil,
        egressDenials: [Clause] = []
    ) {
        self.id = id
        self.title = title
        self.subjects = subjects
        self.ingress = ingress
        self.egress = egress
        self.egressDenials = egressDenials
    }
}
