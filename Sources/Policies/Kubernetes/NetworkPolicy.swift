public import Addresses

/// A NetworkPolicy of Kubernetes (networking.k8s.io/v1), as far as it says what traffic is allowed.
///
/// A value may say what cannot stand; ``problems`` tells.
public struct NetworkPolicy: Hashable, Sendable {
    /// A direction that a policy isolates its pods in.
    public enum Direction: String, Hashable, Sendable, CaseIterable {
        /// Traffic to the pods.
        case ingress = "Ingress"
        /// Traffic from the pods.
        case egress = "Egress"
    }

    /// What is allowed with some peers on some ports: an item of `ingress` or `egress`.
    public struct Rule: Hashable, Sendable {
        /// `from` or `to`; empty means everybody.
        public var peers: [Peer]
        /// `ports`; empty means every port of every protocol.
        public var ports: [Port]

        /// A rule; without arguments it allows everything.
        public init(peers: [Peer] = [], ports: [Port] = []) {
            self.peers = peers
            self.ports = ports
        }
    }

    /// Who may be at the other end: pods by selectors, or addresses.
    public enum Peer: Hashable, Sendable {
        /// Pods that match in namespaces that match; without a selector of namespaces, in the policy's own.
        case pods(namespaces: LabelSelector?, pods: LabelSelector?)
        /// Addresses of a block, less those of the exceptions.
        case block(IPPrefix, except: [IPPrefix])
    }

    /// A protocol with ports.
    public enum Transport: String, Hashable, Sendable, CaseIterable {
        case tcp = "TCP"
        case udp = "UDP"
        case sctp = "SCTP"
    }

    /// Which ports of a protocol.
    public struct Port: Hashable, Sendable {
        /// One port, by its number or by the name that a container gives it.
        public enum Number: Hashable, Sendable {
            case number(Int)
            case name(String)
        }

        /// The protocol; TCP where nothing is said.
        public var transport: Transport
        /// The port; nil means all ports of the protocol.
        public var port: Number?
        /// The last port of a range that begins at ``port``, which then is a number.
        public var endPort: Int?

        /// Ports of a protocol.
        public init(_ transport: Transport = .tcp, _ port: Number? = nil, endPort: Int? = nil) {
            self.transport = transport
            self.port = port
            self.endPort = endPort
        }
    }

    /// The namespace it is in, and whose pods it is about.
    public var namespace: String
    /// Its name there.
    public var name: String
    /// The unique id that the API server gave it.
    public var uid: String
    /// The pods that it is about; empty means all of its namespace.
    public var podSelector: LabelSelector
    /// The directions that it isolates its pods in; as written, nil when it does not say.
    public var policyTypes: [Direction]?
    /// What is allowed to its pods; nil when it does not say.
    public var ingress: [Rule]?
    /// What its pods are allowed; nil when it does not say.
    public var egress: [Rule]?
    /// What its document says and a value cannot; what is left of the document allows no more for it.
    public internal(set) var unread: Unread?

    /// The parts of a document that were not understood.
    public struct Unread: Hashable, Sendable {
        /// What is wrong with them.
        public var problems: [PolicyError.Problem]
        /// Whether even the pods that the policy is about are unknown.
        public var hidesSubject: Bool
    }

    /// A policy; nothing is checked yet.
    public init(
        namespace: String, name: String, uid: String = "", podSelector: LabelSelector = LabelSelector(),
        policyTypes: [Direction]? = nil, ingress: [Rule]? = nil, egress: [Rule]? = nil
    ) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.podSelector = podSelector
        self.policyTypes = policyTypes
        self.ingress = ingress
        self.egress = egress
    }
}
