public import Addresses

/// What there is to do so that every table leads to every destination by a host that is well.
///
/// It is a function of what is given alone: whoever comes next and sees the same finds the same to do, and once all of
/// it is done finds nothing.
public struct VPCPlan: Sendable {
    /// What a plan is made of.
    public struct Situation: Sendable {
        /// Where routes are to lead.
        public var destinations: [Destination] = []
        /// The tables, as they were seen.
        public var tables: [VPCTable] = []
        /// Which of their routes, and of those of other tables, are ours.
        public var own: [RouteKey: OwnRoute] = [:]
        /// Tables that were to have routes of ours, and are not any more, as they were seen.
        public var withdrawn: [VPCTable] = []
        /// The ids of tables that do not exist any more.
        public var vanished: Set<String> = []
        /// Interfaces that do not exist any more.
        public var gone: Set<String> = []
        /// What routes to hosts are made with.
        public var targets: [String: HostTarget] = [:]
        /// How hosts are, for routes of a family.
        public var standing: @Sendable (String, AddressFamily) -> (grade: HealthGrade, reason: String) = { _, _ in
            (.healthy, "")
        }
        /// Routes to these, and to parts of them, are nobody's business here; 0.0.0.0/0 and ::/0 are the default
        /// routes alone.
        public var ignored: [IPPrefix] = []
        /// How many routes of a family a table takes.
        public var limit = 500
        /// The same for tables that were found to take another number.
        public var limits: [String: Int] = [:]
        /// The addresses of each network.
        public var bounds: [String: IPPrefix] = [:]

        /// Nothing is there yet.
        public init() {}

        /// How many routes of a family a table takes.
        func limit(of table: String) -> Int { min(limits[table] ?? limit, limit) }

        func ignores(_ prefix: IPPrefix) -> Bool {
            ignored.contains { $0 == prefix || ($0.length > 0 && $0.contains(prefix)) }
        }
    }

    /// A place in a table once all is done.
    public struct Entry: Hashable, Sendable {
        /// The place.
        public var key: RouteKey
        /// The host that it leads to; nil while none is well.
        public var host: String?
        /// What it is a route to.
        public var destination: Destination
    }

    /// What there is to do: those of one table in this order, tables in any.
    public private(set) var steps: [RouteStep] = []
    /// What there will be, in order.
    public private(set) var entries: [Entry] = []
    /// What somebody should know of.
    public private(set) var findings: [RouteFinding] = []

    /// Makes a plan.
    public init(_ situation: Situation) {
        // Without destinations nothing is known, rather than nothing wanted.
        guard !situation.destinations.isEmpty else { return }
        var choice = TargetChoice(situation)
        let tables = situation.tables.sorted { $0.id < $1.id }
        let drafts = tables.flatMap { table in
            AddressFamily.allCases.map { TableDraft(table, $0, situation) }
        }
        // Those that stay first: they count for how the others are spread.
        for draft in drafts { draft.countStaying(&choice) }
        for draft in drafts {
            let outcome = draft.settle(&choice)
            steps += outcome.steps
            entries += outcome.entries
            findings += outcome.findings
        }
        for table in situation.withdrawn.sorted(by: { $0.id < $1.id }) {
            steps += TableWithdrawal(id: table.id, table: table).steps(situation)
        }
        for id in situation.vanished.sorted() { steps += TableWithdrawal(id: id, table: nil).steps(situation) }
        entries.sort { $0.key < $1.key }
        findings = findings.reduce(into: []) { list, finding in if !list.contains(finding) { list.append(finding) } }
    }
}
