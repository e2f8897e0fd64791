import AWS
import Addresses
import LinuxSystem
import VPCRoutes

extension VPCPass {
    /// Has a look at the tables, and at what they give a reason to look at.
    func look() async throws(AWSError) {
        let settings = router.settings
        guard locator.vpc != nil || !settings.tables.isEmpty else {
            throw AWSError(.configuration, "find the VPC: no node has an instance in one, and --vpc names none")
        }
        count("DescribeRouteTables")
        let all = try await router.cloud.routeTables(TableSelection.filter(settings, vpc: locator.vpc))
        let zones = Dictionary(locator.targets.values.map { ($0.subnet, $0.zone) }, uniquingKeysWith: { $1 })
        let owned = Set(own.keys.map(\.table))
        let found = TableSelection.tables(all, settings, zones: zones, owned: owned, interfaces: locator.interfaces)
        for table in found {
            for (prefix, route) in table.routes where route.isBlackHole {
                if let record = own[RouteKey(table.id, prefix)] { locator.doubt(record.host) }
            }
        }
        tables = found
        looked = .now
        report.lastLook = Clock.wallSeconds()
        absent = TableSelection.absent(all, settings)
        (withdrawn, vanished) = ([], [])
        do throws(AWSError) {
            // As long as the tables that were asked for are not there, something else may be wrong than our records.
            if absent.isEmpty, !all.isEmpty { try await lookAtOthers(owned.subtracting(found.map(\.id))) }
            try await lookForGone(in: found)
        } catch {
            // What is known need not wait for it.
            guard error.code != .cancelled else { throw error }
            failed(error)
        }
    }

    /// Looks at tables that routes of ours are on record for, and that are not among those that were chosen.
    private func lookAtOthers(_ ids: Set<String>) async throws(AWSError) {
        guard !ids.isEmpty else { return }
        count("DescribeRouteTables")
        let others = try await router.cloud.routeTables(EC2RouteTableFilter(ids: ids.sorted()))
        vanished = ids.subtracting(others.map(\.id))
        withdrawn = TableSelection.withdrawn(
            others, router.settings, vpc: locator.vpc, interfaces: locator.interfaces)
    }

    /// Finds out whether interfaces exist that black holes at our prefixes lead to and that are none of ours.
    private func lookForGone(in tables: [VPCTable]) async throws(AWSError) {
        let targets = locator.targets
        let ours = Set(targets.values.map(\.interface))
        var suspects: Set<String> = []
        for destination in await survey.destinations(subnets: targets.mapValues(\.subnet)).all {
            for table in tables {
                guard let route = table.routes[destination.prefix], route.isBlackHole,
                    own[RouteKey(table.id, destination.prefix)] == nil, case .interface(let id) = route.target,
                    !id.isEmpty, !ours.contains(id)
                else { continue }
                suspects.insert(id)
            }
        }
        var informed = locator
        for call in try await informed.seek(suspects, at: .now) { count(call) }
        locator = informed
    }
}
