import Addresses

/// What is to become of routes of ours in a table that is not to have any.
struct TableWithdrawal {
    /// The table's id.
    let id: String
    /// What it holds; nil when there is no such table any more.
    let table: VPCTable?

    /// What there is to do: what is as it is on record goes, and everything is off the record in the end.
    func steps(_ situation: VPCPlan.Situation) -> [RouteStep] {
        situation.own.filter { $0.key.table == id }.sorted { $0.key < $1.key }.map { key, record in
            guard let table else { return RouteStep(.forget, key, reason: "its table is gone") }
            guard !situation.ignores(key.prefix) else { return RouteStep(.forget, key, reason: "it is to be ignored") }
            guard let route = table.routes[key.prefix] else { return RouteStep(.forget, key, reason: "it is gone") }
            guard case .interface(let id) = route.target, id == record.interface || id == record.former else {
                return RouteStep(.forget, key, reason: "it is somebody else's by now")
            }
            return RouteStep(.delete, key, former: id, reason: "its table is not one of ours any more")
        }
    }
}
