import Addresses
import Etcd
import LinuxSystem
import Logging
import VPCRoutes

extension VPCPass {
    /// Puts down how things stand.
    func note(_ plan: VPCPlan) {
        let (book, now, wall) = (ward.now, ContinuousClock.now, Duration.nanoseconds(Clock.wallNanoseconds()))
        let targets = locator.targets
        report.vpc = locator.vpc ?? ""
        report.findings = findings.map(\.text).sorted()
        var load: [String: Int] = [:]
        report.routes = plan.entries.map { entry in
            let record = own[entry.key]
            let route = tables?.first { $0.id == entry.key.table }?.routes[entry.key.prefix]
            let isThere = entry.host.flatMap { targets[$0] }.map { route?.target == .interface($0.interface) } ?? false
            if isThere, let host = entry.host { load[host, default: 0] += 1 }
            return VPCReport.Route(
                table: entry.key.table, prefix: "\(entry.key.prefix)", purpose: entry.destination.text,
                host: entry.host ?? record?.host, interface: entry.host.flatMap { targets[$0]?.interface },
                since: isThere ? record?.since : nil, reason: record?.reason ?? "",
                state: isThere ? "installed" : entry.host == nil ? "no host is well" : "pending")
        }
        report.tables = (tables ?? []).map { table -> VPCReport.Table in
            let out = findings.flatMap { finding -> [IPPrefix] in
                if case .full(table.id, _, let prefixes) = finding { prefixes } else { [] }
            }
            let ours = table.routes.keys.count { own[RouteKey(table.id, $0)] != nil }
            return VPCReport.Table(
                id: table.id, zones: table.zones.sorted(), own: ours, foreign: table.routes.count - ours,
                limit: limits[table.id]?.limit ?? router.settings.limit, out: out.sorted().map(\.description))
        }
        let addresses = Dictionary(grouping: subjects, by: \.host)
        report.hosts = book.hosts.map { name in
            let all = Set((addresses[name] ?? []).map(\.address)).sorted()
            let standing =
                Set(all.map(\.family)).map { book.standing(name, $0, at: now) }
                .min { $0.grade < $1.grade } ?? book.standing(name, .ipv4, at: now)
            return VPCReport.Host(
                name: name, addresses: all.map(\.description), health: standing.grade.text,
                since: standing.since.map { (wall - $0.duration(to: now)).components.seconds },
                reason: standing.reason, instance: targets[name]?.instance, interface: targets[name]?.interface,
                subnet: targets[name]?.subnet, zone: targets[name]?.zone, routes: load[name] ?? 0)
        }
    }

    /// Puts the report where others can read it: the board, and etcd if it says something new.
    func tell() async {
        let report = report
        router.board.changeVPCRouter { $0 = report }
        var news = report
        // Of hosts that are well, and of what changes with every look, nothing is written.
        news.hosts.removeAll { $0.health == HealthGrade.healthy.text }
        (news.lastLook, news.calls, news.failures, news.routes) = (0, [:], [:], [])
        guard news != told else { return }
        do throws(DutyError) {
            try await writer.elected.commit([.put(key: keys.status, value: VPCRouteWriter.bytes(news))])
            told = news
        } catch {
            logger.debug("\(error)")
        }
    }
}
