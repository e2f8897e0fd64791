import CNIProtocol
import Duties
import Telemetry

/// What the pages of the state of routes say.
enum VPCStatusPage {
    /// Who keeps the routes, and where more is said.
    static func overview(_ report: VPCReport?, _ holder: String?) -> JSONValue {
        [
            "vpc_router_version": .string(AgentVersion.current), "elected": .bool(report != nil),
            "holder": text(holder), "in_sync": .bool(report?.isInSync ?? false),
            "start_time": time(report?.since), "last_look": time(report?.lastLook), "problem": text(report?.problem),
            "findings": list(report?.findings), "vpc": text(report?.vpc),
            "calls": .object(
                (report?.calls ?? [:]).sorted { $0.key < $1.key }.map { (key: $0.key, value: number($0.value)) }),
            "_links": [
                "ips": "/ips", "plugins": "/plugins", "route_info": "/route_info", "vpc": "/vpc",
            ],
        ]
    }

    /// Which nodes answer.
    static func addresses(_ report: VPCReport?, _ holder: String?) -> JSONValue {
        let hosts = report?.hosts ?? []
        func addresses(_ grades: Set<String>) -> JSONValue {
            list(hosts.filter { grades.contains($0.health) }.flatMap(\.addresses))
        }
        return [
            "failed_ips": addresses(["down"]),
            "questionable_ips": addresses(["unclear", "unknown", "questionable", "recovering"]),
            "working_set": list(hosts.flatMap(\.addresses)),
            "hosts": .array(
                hosts.map { host in
                    [
                        "name": .string(host.name), "addresses": list(host.addresses), "health": .string(host.health),
                        "since": time(host.since), "reason": .string(host.reason), "instance": text(host.instance),
                        "interface": text(host.interface), "subnet": text(host.subnet), "zone": text(host.zone),
                        "routes": number(host.routes),
                    ]
                }),
        ]
    }

    /// What says where routes are to lead, and how nodes are asked.
    static func plugins(_ report: VPCReport?, _ holder: String?) -> JSONValue {
        ["watcher": "romana", "health": list(report?.checks)]
    }

    /// Where routes are to lead, and where they do.
    static func routes(_ report: VPCReport?, _ holder: String?) -> JSONValue {
        let routes = report?.routes ?? []
        let prefixes = Set(routes.map(\.prefix)).sorted()
        return [
            "route_spec": .object(
                prefixes.map { prefix in
                    (key: prefix, value: list(Set(routes.filter { $0.prefix == prefix }.compactMap(\.host)).sorted()))
                }),
            "ignored_routes": list(report?.ignored),
            "routes": .array(
                routes.map { route in
                    [
                        "table": .string(route.table), "prefix": .string(route.prefix),
                        "purpose": .string(route.purpose), "host": text(route.host),
                        "interface": text(route.interface), "since": time(route.since),
                        "reason": .string(route.reason), "state": .string(route.state),
                    ]
                }),
        ]
    }

    /// The tables.
    static func tables(_ report: VPCReport?, _ holder: String?) -> JSONValue {
        [
            "vpc": text(report?.vpc), "time": time(report?.lastLook), "problem": text(report?.problem),
            "tables": .array(
                (report?.tables ?? []).map { table in
                    [
                        "id": .string(table.id), "zones": list(table.zones), "own": number(table.own),
                        "foreign": number(table.foreign), "limit": number(table.limit), "out": list(table.out),
                    ]
                }),
            "messages": list(report?.findings),
        ]
    }

    private static func text(_ text: String?) -> JSONValue {
        text.flatMap { $0.isEmpty ? nil : .string($0) } ?? .null
    }

    private static func time(_ seconds: Int64?) -> JSONValue {
        seconds.flatMap { $0 == 0 ? nil : .string(Timestamp.text($0)) } ?? .null
    }

    private static func list(_ texts: [String]?) -> JSONValue { .array((texts ?? []).map { .string($0) }) }

    private static func number(_ number: Int) -> JSONValue { .number("\(number)") }
}
