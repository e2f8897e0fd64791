public import Addresses
import VPCRoutes

/// What the duty of routes in a VPC is told.
public struct VPCRouterSettings: Hashable, Sendable {
    /// Something that is asked of every host.
    public struct Check: Hashable, Sendable {
        /// The port to connect to; nil for ICMP echo.
        public var port: UInt16?
        /// Between two questions.
        public var interval: Duration

        /// A check.
        public init(port: UInt16? = nil, interval: Duration = .seconds(2)) {
            self.port = port
            self.interval = interval
        }

        /// How long an answer may take: half the interval, a second at most.
        var patience: Duration { min(.seconds(1), interval / 2) }
        /// The same for whoever judges the answers.
        var kind: ProbeSubject.Check { port.map { .tcp($0) } ?? .echo }
    }

    /// The VPC; nil for that of the nodes' instances.
    public var vpcID: String?
    /// The cluster's name in the tag `kubernetes.io/cluster/NAME` of its tables; nil to go by the nodes' subnets.
    public var clusterName: String?
    /// The ids of the tables, and no others; empty to find them.
    public var tables: [String] = []
    /// Prefixes whose routes are nobody's business here.
    public var ignored: [IPPrefix] = []
    /// How many routes of a family a table takes.
    public var limit = 500
    /// After how long tables are looked at again though nothing happened; nil for never.
    public var recheck: Duration? = .seconds(30)
    /// Whether what would be done is only said.
    public var isDryRun = false
    /// How hosts are asked; none takes all for well.
    public var checks = [Check()]

    /// What is usual.
    public init() {}
}
