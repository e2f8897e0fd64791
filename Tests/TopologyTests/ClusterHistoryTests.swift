import Foundation
import Testing

/// Whatever happens to a cluster, in whatever order.
///
/// `ROMANA_HISTORIES=5000 swift test --filter ClusterHistory` runs more of them.
@Suite("a cluster after any history")
struct ClusterHistoryTests {
    static let histories = ProcessInfo.processInfo.environment["ROMANA_HISTORIES"].flatMap { Int($0) } ?? 120

    @Test("no address twice, every block in its group, counts agree, records replay")
    func holds() throws {
        var events: [String: Int] = [:]
        for seed in 0..<Self.histories {
            var history = try ClusterHistory(seed: UInt64(seed))
            for step in 1...60 {
                let faults = try history.step() + (step % 4 == 0 ? history.faults : [])
                guard faults.isEmpty else {
                    Issue.record("seed \(seed), step \(step): \(faults.joined(separator: "; "))")
                    return
                }
            }
            events.merge(history.events, uniquingKeysWith: +)
        }
        // A history in which nothing happens proves nothing.
        for event in [
            "host added", "host refused", "host removed", "host moved", "label kept", "label refused",
            "topology changed",
            "topology refused", "topology shown", "host named", "blocks outside", "blackout added", "blackout refused",
            "restart",
            "replay",
            "address given", "address freed", "no address", "spill",
        ] {
            #expect(events[event, default: 0] > 0, "\(event) never happened in \(Self.histories) histories: \(events)")
        }
    }
}
