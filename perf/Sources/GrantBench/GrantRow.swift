import GrantLoad

/// One line of the result.
struct GrantRow: Encodable {
    let daemons: Int
    let phase: String
    let hosts: Int
    let answered: Int
    let repeated: Int
    let seconds: Double
    let rate: Double
    let p50: Double
    let p99: Double
    let maximum: Double
    /// When the first and the last host had all it asked for.
    let firstHost: Double
    let lastHost: Double
    /// Processor time of the daemons, of etcd and of the load itself, in seconds.
    let daemonTime: Double
    let etcdTime: Double
    let loadTime: Double

    enum CodingKeys: String, CodingKey {
        case daemons, phase, hosts, answered, repeated, seconds
        case rate = "rate_per_s"
        case p50 = "p50_ms"
        case p99 = "p99_ms"
        case maximum = "max_ms"
        case firstHost = "first_host_s"
        case lastHost = "last_host_s"
        case daemonTime = "daemons_cpu_s"
        case etcdTime = "etcd_cpu_s"
        case loadTime = "load_cpu_s"
    }

    init(daemons: Int, phase: String, hosts: Int, _ tally: LoadTally, _ usage: ProcessorUsage) {
        self.daemons = daemons
        self.phase = phase
        self.hosts = hosts
        answered = tally.answered
        repeated = tally.repeated
        seconds = tally.seconds
        rate = tally.rate
        p50 = tally.latency(percentile: 50)
        p99 = tally.latency(percentile: 99)
        maximum = tally.latency(percentile: 100)
        firstHost = tally.finished.first ?? 0
        lastHost = tally.finished.last ?? 0
        daemonTime = usage.daemons
        etcdTime = usage.etcd
        loadTime = usage.load
    }

    /// Rows as text in columns.
    static func table(_ rows: [GrantRow]) -> String {
        let head = [
            "daemons", "phase", "answers", "again", "seconds", "per s", "p50 ms", "p99 ms", "max ms", "first host s",
            "last host s", "daemons cpu s", "etcd cpu s", "load cpu s",
        ]
        let lines =
            [head]
            + rows.map { row in
                [
                    "\(row.daemons)", row.phase, "\(row.answered)", "\(row.repeated)", fixed(row.seconds, 1),
                    fixed(row.rate, 0), fixed(row.p50, 0), fixed(row.p99, 0), fixed(row.maximum, 0),
                    fixed(row.firstHost, 1), fixed(row.lastHost, 1), fixed(row.daemonTime, 1), fixed(row.etcdTime, 1),
                    fixed(row.loadTime, 1),
                ]
            }
        let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            line.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - line[column].count)
                return column == 1 ? line[column] + padding : padding + line[column]
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func fixed(_ value: Double, _ digits: Int) -> String {
        guard digits > 0 else { return "\(Int(value.rounded()))" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
