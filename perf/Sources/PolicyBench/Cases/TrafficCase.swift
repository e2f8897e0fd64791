import Testbed

/// What policies cost packets between two pods of a node: one connection that sends all it can, and connections one after
/// the other.
struct TrafficCase {
    static let throughput = "throughput"
    static let connections = "new connections"

    let rounds: Int
    let milliseconds: Int32

    private static let rules: [TrafficRules] =
        [.none, .off] + [0, 200, 2_000, 5_000].map { .romana($0) } + [200, 2_000, 5_000].map { .iptables($0) }
        + [.iptablesRepliesFirst(5_000)]

    func run(progress: (String) -> Void) async throws -> [Measure] {
        var stages: [(rules: TrafficRules, stage: TrafficStage, bytes: Samples, connections: Samples)] = []
        for (number, rules) in Self.rules.enumerated() {
            progress("traffic: making ready for \(rules.subject), \(rules.size)")
            let stage = try await TrafficStage("t\(number)")
            try await rules.apply(to: stage)
            stages.append((rules, stage, Samples(), Samples()))
        }
        // The first round warms everything up; then all take turns, so that other load hits all alike.
        for round in 0...rounds {
            for place in stages.indices {
                let index = (place + round) % stages.count
                progress("traffic: \(stages[index].rules.subject), round \(round) of \(rounds)")
                let bytes = try stages[index].stage.throughput(milliseconds: milliseconds)
                let connections = try stages[index].stage.connections(milliseconds: milliseconds)
                guard round > 0 else { continue }
                stages[index].bytes.add(bytes)
                stages[index].connections.add(connections)
            }
        }
        return stages.map { Measure(Self.throughput, $0.rules.subject, $0.rules.size, $0.bytes.median, "Gbit/s") }
            + stages.map {
                Measure(Self.connections, $0.rules.subject, $0.rules.size, $0.connections.median, "a second")
            }
    }
}
