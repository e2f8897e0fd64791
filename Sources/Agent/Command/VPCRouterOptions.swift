import Addresses
import ArgumentParser
import Duties
import LinuxSystem

/// What the agent is told about the duty of routes in a VPC, under the names that the vpcrouter of old had for it.
struct VPCRouterOptions: ParsableArguments {
    @Option(
        help: """
            The cluster's name in the tag kubernetes.io/cluster/NAME of its route tables (default: \
            ROMANA_CLUSTER_NAME; without it, the tables of the subnets that nodes are on).
            """)
    var clusterName: String = ProcessEnvironment.value("ROMANA_CLUSTER_NAME") ?? ""

    @Option(help: "The ids of the route tables, by comma, and no others (default: ROMANA_ROUTE_TABLES).")
    var routeTables: String = ProcessEnvironment.value("ROMANA_ROUTE_TABLES") ?? ""

    @Option(
        name: [.customLong("ignore-routes"), .customLong("ignore_routes")],
        help: "Prefixes or addresses, by comma, to which routes are left as they are; 0.0.0.0/0 is the default route.")
    var ignoredRoutes: String = ""

    @Option(help: "How many routes of a family a table takes.")
    var routeLimit: Int = 500

    @Option(
        name: [.customLong("route-recheck-interval"), .customLong("route_recheck_interval")],
        help:
            "Seconds after which route tables are looked at again though nothing happened; 0 for never, else 5 or more."
    )
    var recheckInterval: Int = 30

    @Option(
        name: [.customLong("health"), .customShort("H")],
        help: .init(
            "How nodes are asked whether they are there.", valueName: "icmpecho|tcp|multi|always"))
    var health: String = "icmpecho"

    @Option(
        name: [.customLong("icmp-check-interval"), .customLong("icmp_check_interval")],
        help: "Seconds between two pings, 1 to 3600.")
    var pingInterval: Int = 2

    @Option(
        name: [.customLong("tcp-check-interval"), .customLong("tcp_check_interval")],
        help: "Seconds between two connections, 1 to 3600.")
    var connectInterval: Int = 2

    @Option(name: [.customLong("tcp-check-port"), .customLong("tcp_check_port")], help: "The port to connect to.")
    var connectPort: UInt16 = 22

    @Option(
        name: [.customLong("multi-plugins"), .customLong("multi_plugins")],
        help: "What `--health multi` stands for: either failing is enough.")
    var multiPlugins: String = "icmpecho:tcp"

    @Option(
        name: [.customLong("vpcrouter-address"), .customLong("address"), .customShort("a")],
        help: "Address that the state of routes is served on.")
    var address: String = "localhost"

    @Option(
        name: [.customLong("vpcrouter-port"), .customShort("p")],
        help: "Its port; 0 for none (default: --port where there is no duty daemon, else 33289).")
    var ownPort: Int?

    @Option(name: [.long, .customShort("m")], help: "Of old, what says where routes lead; there is no other any more.")
    var mode: String = "romana"

    @Option(
        name: [.customLong("logfile"), .customShort("l")], help: "Of old, where logs go: standard error, and no other.")
    var logFile: String = "-"

    @Option(name: [.long, .customShort("f")], help: .hidden)
    var file: String?

    @Option(name: .customLong("fixed_cidr"), help: .hidden)
    var fixedCIDR: String?

    @Option(name: .customLong("fixed_hosts"), help: .hidden)
    var fixedHosts: String?

    /// The port that state is served on; `port` is what an option of another duty's says that is not carried.
    func statusPort(_ port: Int?) throws(AgentError) -> Int {
        let chosen = ownPort ?? port ?? 33289
        guard (0...65535).contains(chosen) else { throw AgentError("--vpcrouter-port \(chosen): not a port") }
        return chosen
    }

    /// As the duty takes it.
    func settings() throws(AgentError) -> VPCRouterSettings {
        // What its modes were is the plugin that says where routes are to lead; there is one here.
        guard ["romana", "vpcrouter_romana_plugin.romana"].contains(mode), file == nil, fixedCIDR == nil,
            fixedHosts == nil
        else { throw AgentError("--mode \(mode): routes lead to Romana's prefix groups alone, in mode romana") }
        guard logFile == "-" else { throw AgentError("--logfile \(logFile): logs go to standard error, `-`") }
        guard recheckInterval == 0 || recheckInterval >= 5 else {
            throw AgentError("--route_recheck_interval \(recheckInterval): neither 0 nor 5 or more seconds")
        }
        guard routeLimit > 0 else { throw AgentError("--route-limit \(routeLimit): no table takes so few") }
        var settings = VPCRouterSettings()
        settings.clusterName = clusterName.isEmpty ? nil : clusterName
        settings.tables = routeTables.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
        settings.limit = routeLimit
        settings.recheck = recheckInterval == 0 ? nil : .seconds(recheckInterval)
        settings.ignored = try ignored()
        settings.checks = try checks()
        return settings
    }

    private func ignored() throws(AgentError) -> [IPPrefix] {
        var prefixes: [IPPrefix] = []
        for text in ignoredRoutes.split(separator: ",").map({ $0.filter { $0 != " " } }) {
            guard let prefix = IPPrefix(text) ?? IPAddress(text)?.hostPrefix else {
                throw AgentError("--ignore_routes: \(text) is neither a prefix nor an address")
            }
            prefixes.append(prefix)
        }
        return prefixes
    }

    private func checks() throws(AgentError) -> [VPCRouterSettings.Check] {
        for (option, seconds) in [("--icmp_check_interval", pingInterval), ("--tcp_check_interval", connectInterval)] {
            guard (1...3600).contains(seconds) else { throw AgentError("\(option) \(seconds): not 1 to 3600 seconds") }
        }
        guard connectPort > 0 else { throw AgentError("--tcp_check_port 0: not a port") }
        let names =
            switch health {
            case "always": [String]()
            case "multi": multiPlugins.split(separator: ":").map(String.init)
            default: [health]
            }
        var checks: [VPCRouterSettings.Check] = []
        for name in names {
            switch name {
            case "icmpecho": checks.append(.init(interval: .seconds(pingInterval)))
            case "tcp": checks.append(.init(port: connectPort, interval: .seconds(connectInterval)))
            default: throw AgentError("--health \(name): there are icmpecho, tcp, multi of both, and always")
            }
        }
        return checks
    }
}
