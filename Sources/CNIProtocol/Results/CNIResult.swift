public import Addresses

/// What an ADD made: the success type of the CNI spec (1.1, section 5, "Success"), of all versions since 0.3.0.
public struct CNIResult: Hashable, Sendable {
    /// The interfaces, host side and container side.
    public var interfaces: [Interface]
    /// The addresses.
    public var ips: [IPConfig]
    /// The routes inside the container.
    public var routes: [Route]
    /// The name servers for the container; left out of JSON when empty.
    public var dns: DNS

    /// A result of these parts.
    public init(interfaces: [Interface] = [], ips: [IPConfig] = [], routes: [Route] = [], dns: DNS = DNS()) {
        self.interfaces = interfaces
        self.ips = ips
        self.routes = routes
        self.dns = dns
    }

    /// An interface that the attachment made.
    public struct Interface: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its hardware address, empty if it has none.
        public var mac: String
        /// Its MTU, written since 1.1.0.
        public var mtu: Int?
        /// The path of its network namespace, nil on the host.
        public var sandbox: String?

        /// An interface, on the host unless a namespace is named.
        public init(name: String, mac: String, mtu: Int? = nil, sandbox: String? = nil) {
            self.name = name
            self.mac = mac
            self.mtu = mtu
            self.sandbox = sandbox
        }
    }

    /// An address of the container.
    public struct IPConfig: Hashable, Sendable {
        /// The address itself, host bits kept.
        public var address: IPAddress
        /// The length of its prefix, written after the slash.
        public var prefixLength: Int
        /// The gateway of its subnet, if any.
        public var gateway: IPAddress?
        /// The index in `interfaces` of the one that holds it.
        public var interface: Int?

        /// An address; its prefix is the whole address (/32 or /128) unless a length is given.
        public init(address: IPAddress, prefixLength: Int? = nil, gateway: IPAddress? = nil, interface: Int? = nil) {
            self.address = address
            self.prefixLength = prefixLength ?? address.family.bits
            self.gateway = gateway
            self.interface = interface
        }
    }

    /// A route inside the container.
    public struct Route: Hashable, Sendable {
        /// Where it leads.
        public var destination: IPPrefix
        /// The next hop, nil for the link or the address's own gateway.
        public var gateway: IPAddress?
        /// The MTU along it, written since 1.1.0.
        public var mtu: Int?
        /// The maximal segment size along it, written since 1.1.0.
        public var advertisedMSS: Int?
        /// Its priority, lower first, written since 1.1.0.
        public var priority: Int?
        /// Its table, written since 1.1.0.
        public var table: Int?
        /// Its scope (`rtnetlink(7)`), written since 1.1.0.
        public var scope: Int?

        /// A route.
        public init(
            destination: IPPrefix, gateway: IPAddress? = nil, mtu: Int? = nil, advertisedMSS: Int? = nil,
            priority: Int? = nil, table: Int? = nil, scope: Int? = nil
        ) {
            self.destination = destination
            self.gateway = gateway
            self.mtu = mtu
            self.advertisedMSS = advertisedMSS
            self.priority = priority
            self.table = table
            self.scope = scope
        }
    }

    /// Name resolution for the container.
    public struct DNS: Hashable, Sendable {
        /// Name servers, by order of preference.
        public var nameservers: [String]
        /// The local domain, empty for none.
        public var domain: String
        /// Domains to search.
        public var search: [String]
        /// Options for the resolver.
        public var options: [String]

        /// Nothing, unless said otherwise.
        public init(
            nameservers: [String] = [], domain: String = "", search: [String] = [], options: [String] = []
        ) {
            self.nameservers = nameservers
            self.domain = domain
            self.search = search
            self.options = options
        }

        /// Whether nothing is said at all.
        public var isEmpty: Bool { self == DNS() }
    }
}
