/// How routes in a VPC stand, as the one who keeps them tells it: for people, and for those who come after it.
public struct VPCReport: Hashable, Sendable, Codable {
    /// A route table.
    public struct Table: Hashable, Sendable, Codable {
        /// Its id.
        public var id: String
        /// The zones of the subnets of nodes that use it.
        public var zones: [String]
        /// How many of its routes are ours.
        public var own: Int
        /// How many are others'.
        public var foreign: Int
        /// How many of a family it takes.
        public var limit: Int
        /// Prefixes that it has no room for.
        public var out: [String]
    }

    /// A route that should be.
    public struct Route: Hashable, Sendable, Codable {
        /// The table's id.
        public var table: String
        /// The prefix.
        public var prefix: String
        /// What it is a route to, in words.
        public var purpose: String
        /// The host that it leads to; nil while there is none.
        public var host: String?
        /// The interface of that.
        public var interface: String?
        /// Since when, in seconds since 1970.
        public var since: Int64?
        /// Why it leads there.
        public var reason: String
        /// `installed`, or what is in the way.
        public var state: String
    }

    /// A host that routes can lead to.
    public struct Host: Hashable, Sendable, Codable {
        /// Its name.
        public var name: String
        /// Its addresses.
        public var addresses: [String]
        /// How it is: healthy, recovering, questionable, unknown, unclear or down.
        public var health: String
        /// Since when, in seconds since 1970.
        public var since: Int64?
        /// Why.
        public var reason: String
        /// Its instance, interface, subnet and zone; nil while they are not known.
        public var instance: String?
        /// Its interface.
        public var interface: String?
        /// The subnet of that.
        public var subnet: String?
        /// The zone of that.
        public var zone: String?
        /// How many routes lead to it.
        public var routes: Int
    }

    /// Who keeps the routes.
    public var holder = ""
    /// Since when, in seconds since 1970.
    public var since: Int64 = 0
    /// The VPC; empty while it is not known.
    public var vpc = ""
    /// Whether every table holds what it should, as far as anybody can do anything about it.
    public var isInSync = false
    /// When tables were last looked at, in seconds since 1970; 0 before.
    public var lastLook: Int64 = 0
    /// What went wrong last; nil when nothing did.
    public var problem: String?
    /// What somebody should know of.
    public var findings: [String] = []
    /// The tables.
    public var tables: [Table] = []
    /// The routes.
    public var routes: [Route] = []
    /// The hosts.
    public var hosts: [Host] = []
    /// Prefixes that are not looked at.
    public var ignored: [String] = []
    /// How hosts are asked: `icmpecho`, `tcp:22`.
    public var checks: [String] = []
    /// Calls that were made, by their names.
    public var calls: [String: Int] = [:]
    /// Calls that failed, by what was wrong.
    public var failures: [String: Int] = [:]
    /// Routes of ours that were led to another host.
    public var moves = 0

    private enum CodingKeys: String, CodingKey {
        case holder, since, vpc, problem, findings, tables, routes, hosts, ignored, checks, calls, failures, moves
        case isInSync = "in_sync"
        case lastLook = "last_look"
    }

    /// Nothing is known yet.
    public init() {}
}
