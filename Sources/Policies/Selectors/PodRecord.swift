public import Addresses

/// A pod as policies see it.
public struct PodRecord: Hashable, Sendable {
    /// A port that a container gives a name.
    public struct NamedPort: Hashable, Sendable, Codable {
        /// The name.
        public var name: String
        /// The protocol.
        public var transport: NetworkPolicy.Transport
        /// The port.
        public var port: UInt16

        private enum CodingKeys: String, CodingKey {
            case name, port
            case transport = "protocol"
        }

        /// A port and its name.
        public init(_ name: String, _ transport: NetworkPolicy.Transport, _ port: UInt16) {
            self.name = name
            self.transport = transport
            self.port = port
        }
    }

    /// Its namespace.
    public var namespace: String
    /// Its name there.
    public var name: String
    /// The unique id that the API server gave it; empty when unknown.
    public var uid: String
    /// The node that it runs on; empty when unknown.
    public var node: String
    /// Its labels.
    public var labels: [String: String]
    /// Its addresses, at most one of each family.
    public var addresses: [IPAddress]
    /// The ports that its containers name.
    public var ports: [NamedPort]
    /// Whether it has been told to end: somebody else may have its addresses before it is gone.
    public var isEnding: Bool

    /// A pod.
    public init(
        namespace: String, name: String, uid: String = "", node: String = "", labels: [String: String] = [:],
        addresses: [IPAddress] = [], ports: [NamedPort] = [], isEnding: Bool = false
    ) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.node = node
        self.labels = labels
        self.addresses = addresses
        self.ports = ports
        self.isEnding = isEnding
    }
}
