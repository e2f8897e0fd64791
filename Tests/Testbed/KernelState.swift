/// What the kernel holds in one network namespace, as Debian's `ip` tells it.
public struct KernelState: Sendable, Hashable {
    /// One link.
    public struct Link: Decodable, Sendable, Hashable {
        /// Its number; a link that is made anew has another one.
        public let ifindex: Int
        /// Its name.
        public let ifname: String
        /// Its group, by number unless it is the default one.
        public let group: String?
        /// Its hardware address.
        public let address: String?
        /// Whether it only waits for the agent to delete it.
        public var isLeaving: Bool { group == "7171" }
        /// Whether its name is one that the agent gives.
        public var isOurs: Bool { ifname.hasPrefix("rom") && ifname.count == 15 }
    }
    /// One route.
    public struct Route: Decodable, Sendable, Hashable {
        /// A prefix, an address or `default`.
        public let dst: String
        /// The next hop.
        public let gateway: String?
        /// The link it leads to.
        public let dev: String?
        /// The table, by number unless it has a name.
        public let table: String?
        /// Who made it, by number unless it has a name.
        public let `protocol`: String?
    }
    /// One permanent neighbour.
    public struct Neighbour: Decodable, Sendable, Hashable {
        /// Its address.
        public let dst: String
        /// The link it is on.
        public let dev: String
        /// The states that it is in.
        public let state: [String]
    }
    private struct AddressList: Decodable {
        struct Entry: Decodable {
            let family: String?
            let local: String?
            let scope: String?
        }
        let ifname: String?
        let addr_info: [Entry]?
    }

    /// All links.
    public let links: [Link]
    /// Addresses of each link, without the link-local ones that the kernel makes and without loopback's.
    public let addresses: [String: [String]]
    /// The routes of every table but `local`.
    public let routes: [Route]
    /// The neighbours of every link.
    public let neighbours: [Neighbour]

    /// Asks for everything in a namespace.
    public init(of namespace: Namespace?) async throws(TestbedError) {
        links = try await IPRoute2.list(Link.self, "-details link show", in: namespace)
        var addresses: [String: [String]] = [:]
        for entry in try await IPRoute2.list(AddressList.self, "address show", in: namespace) {
            guard let name = entry.ifname, name != "lo" else { continue }
            addresses[name] = (entry.addr_info ?? []).filter { $0.scope != "link" }.compactMap(\.local)
        }
        self.addresses = addresses
        var routes: [Route] = []
        for family in ["-4", "-6"] {
            routes += try await IPRoute2.list(Route.self, "-details \(family) route show table all", in: namespace)
        }
        self.routes = routes.filter { $0.table != "local" }
        neighbours = try await IPRoute2.list(Neighbour.self, "neighbour show", in: namespace)
            .filter { $0.state.contains("PERMANENT") }
    }

    /// The agent's links that are in use.
    public var podLinks: [Link] { links.filter { $0.isOurs && !$0.isLeaving } }
    /// Routes to single addresses on links of the agent.
    public var podRoutes: [Route] { routes.filter { $0.dev?.hasPrefix("rom") ?? false } }
    /// Permanent neighbours on links of the agent.
    public var podNeighbours: [Neighbour] { neighbours.filter { $0.dev.hasPrefix("rom") } }
}
