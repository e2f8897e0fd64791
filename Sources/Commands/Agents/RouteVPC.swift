import ArgumentParser
import CNIProtocol

/// `romana route vpc`.
struct RouteVPC: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "vpc", abstract: "Show the routes in the tables of a VPC: to which hosts, since when and why.",
        discussion: """
            They are kept by the duty vpcrouter, which writes to etcd what it does; any daemon can be asked. Hosts that \
            are well are not shown one by one.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions

    func view(_ session: Session) async throws(CommandError) -> View {
        let document = try await session.daemon.get("/v1/vpc")
        let status = document["status"]
        let findings = (status?["findings"]?.arrayValue ?? []).compactMap(\.stringValue)
        let problem = status?["problem"]?.stringValue
        var notes = findings
        if let problem { notes.insert(problem, at: 0) }
        if let holder = status?["holder"]?.stringValue {
            let isInSync = status?["in_sync"]?.boolValue == true
            notes.append("Kept by \(holder) since \(Self.time(status?["since"])); \(isInSync ? "in" : "not in") sync.")
        }
        return View(document, notes: notes) {
            [Self.routes(document), Self.tables(status), Self.hosts(status)].compactMap { $0 }
        }
    }

    private static func routes(_ document: JSONValue) -> Table {
        var table = Table(
            [
                .init("Prefix", .key), .init("Table", .key), .init("Host"), .init("Interface", .minor),
                .init("Since"), .init("For", .minor), .init("Why"),
            ], empty: "There are no routes in a VPC.")
        for route in document["routes"]?.arrayValue ?? [] {
            table.add(
                ["prefix", "table", "host", "interface"].map { Table.Cell(route[$0].shown) }
                    + [.init(time(route["since"])), .init(route["purpose"].shown), .init(route["reason"].shown)])
        }
        return table
    }

    private static func tables(_ status: JSONValue?) -> Table? {
        guard let all = status?["tables"]?.arrayValue, !all.isEmpty else { return nil }
        var table = Table(
            [
                .init("Route Table", .key), .init("Zones", .minor), .init("Own"), .init("Others"), .init("Limit"),
                .init("No Room For"),
            ], empty: "")
        for row in all {
            let out = (row["out"]?.arrayValue ?? []).map { JSONValue?.some($0).shown }
            let zones = (row["zones"]?.arrayValue ?? []).map { JSONValue?.some($0).shown }
            table.add([
                .init(row["id"].shown), .init(zones.joined(separator: ",")), .init(row["own"].shown),
                .init(row["foreign"].shown), .init(row["limit"].shown),
                .init(out.isEmpty ? "-" : out.joined(separator: ","), out.isEmpty ? .good : .bad),
            ])
        }
        return table
    }

    private static func hosts(_ status: JSONValue?) -> Table? {
        guard let all = status?["hosts"]?.arrayValue, !all.isEmpty else { return nil }
        var table = Table([.init("Host", .key), .init("Health"), .init("Since"), .init("Why")], empty: "")
        for row in all {
            let health = row["health"].shown
            table.add([
                .init(row["name"].shown), .init(health, health == "down" ? .bad : .plain), .init(time(row["since"])),
                .init(row["reason"].shown),
            ])
        }
        return table
    }

    private static func time(_ value: JSONValue?) -> String {
        guard case .number(let text)? = value, let seconds = Int(text) else { return "-" }
        return UTCTime.text(seconds)
    }
}
