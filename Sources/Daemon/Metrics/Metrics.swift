import Synchronization
import Telemetry

/// The daemon's counters, written as Prometheus text (exposition format 0.0.4).
final class Metrics: Sendable {
    /// Something that is only ever counted up.
    enum Counter: String, CaseIterable, Sendable {
        /// Blocks given to hosts.
        case grants = "romana_daemon_blocks_granted_total"
        /// Blocks given back by hosts, or freed with their host.
        case releases = "romana_daemon_blocks_released_total"
        /// Blocks granted from another group than the host's.
        case spills = "romana_daemon_blocks_spilled_total"
        /// Transactions that another writer was ahead of.
        case conflicts = "romana_daemon_transaction_conflicts_total"
        /// Requests given up after the bounded number of attempts.
        case exhausted = "romana_daemon_transactions_given_up_total"
        /// Calls to etcd that failed.
        case etcdErrors = "romana_daemon_etcd_errors_total"

        var help: String {
            switch self {
            case .grants: "Blocks granted to hosts."
            case .releases: "Blocks given back by hosts or freed with them."
            case .spills: "Blocks granted from another group, as the host's own was full."
            case .conflicts: "Transactions refused because another writer was ahead."
            case .exhausted: "Requests given up after too many conflicts."
            case .etcdErrors: "Calls to etcd that failed."
            }
        }
    }

    struct Request: Hashable, Sendable {
        var method: String
        var route: String
        var status: Int
    }

    struct Tally: Sendable {
        var count: UInt64 = 0
        var seconds: Double = 0
    }

    private struct Storage {
        var counters: [Counter: UInt64] = [:]
        var requests: [Request: Tally] = [:]
    }

    private let storage = Mutex(Storage())

    /// Makes counters that stand at zero.
    init() {}

    /// Counts `counter` up.
    func add(_ counter: Counter, _ count: Int = 1) {
        storage.withLock { $0.counters[counter, default: 0] += UInt64(count) }
    }

    /// Where `counter` stands.
    func value(_ counter: Counter) -> UInt64 {
        storage.withLock { $0.counters[counter] ?? 0 }
    }

    /// Counts one answered request; `route` is the pattern, never the path, so that clients cannot make series.
    func answered(method: String, route: String, status: Int, took: Duration) {
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) * 1e-18
        storage.withLock {
            $0.requests[Request(method: method, route: route, status: status), default: Tally()].count += 1
            $0.requests[Request(method: method, route: route, status: status), default: Tally()].seconds += seconds
        }
    }

    /// Everything as Prometheus text, `gauges` among it.
    func text(gauges: [Gauge]) -> String {
        let now = storage.withLock { $0 }
        var text = PrometheusText()
        let requests = now.requests.sorted {
            ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
        }
        text.family("romana_daemon_requests_total", "counter", "Requests answered, by route and status.")
        for (request, tally) in requests {
            text.sample("romana_daemon_requests_total", request.labels, tally.count.description)
        }
        text.family("romana_daemon_request_seconds", "summary", "Time taken to answer, by route and status.")
        for (request, tally) in requests {
            text.sample("romana_daemon_request_seconds_sum", request.labels, tally.seconds.description)
            text.sample("romana_daemon_request_seconds_count", request.labels, tally.count.description)
        }
        for counter in Counter.allCases {
            text.family(counter.rawValue, "counter", counter.help)
            text.sample(counter.rawValue, [], (now.counters[counter] ?? 0).description)
        }
        for gauge in gauges {
            text.family(gauge.name, "gauge", gauge.help)
            for (labels, value) in gauge.samples { text.sample(gauge.name, labels, value.description) }
        }
        ProcessMetrics().add(to: &text)
        return text.text
    }
}

/// A value that goes up and down, read when it is asked for.
struct Gauge: Sendable {
    /// The family's name.
    var name: String
    /// One line of explanation.
    var help: String
    /// The values by label.
    var samples: [([(String, String)], Int64)]

    /// Makes a gauge with one value and no labels.
    init(_ name: String, _ help: String, _ value: Int64) {
        self.init(name, help, [([], value)])
    }

    /// Makes a gauge with a value for each set of labels.
    init(_ name: String, _ help: String, _ samples: [([(String, String)], Int64)]) {
        self.name = name
        self.help = help
        self.samples = samples
    }
}

extension Metrics.Request {
    var labels: [(String, String)] { [("route", route), ("method", method), ("status", String(status))] }
}
