import Policies
import Synchronization
import Testbed

/// Looks, while policy changes, for packets that the old and the new policy forbid, and for those that both allow and
/// that do not come through.
struct PolicyWatch {
    private let flood: ProbeFlood
    private let counter: ProbeCounter
    private let task: Task<[String], any Error>
    private let isOver = Flag()

    private final class Flag: Sendable {
        private let value = Atomic(false)
        var isSet: Bool { value.load(ordering: .relaxed) }
        func set() { value.store(true, ordering: .relaxed) }
    }

    /// Begins; `x/b` floods `x/a`, which neither policy may allow, besides what is probed.
    init(on stage: PolicyStage, old: [PolicyStage.Cell], new: [PolicyStage.Cell]) async throws {
        guard let source = stage.pods["x/b"], let target = stage.pods["x/a"] else {
            throw TestbedError("the watch needs pods x/a and x/b")
        }
        counter = try ProbeCounter(in: target.namespace.path, from: stage.addresses(of: "x/b"))
        flood = try ProbeFlood.start(
            from: source.namespace.path, to: stage.addresses(of: "x/a"), port: 80, rate: 4_000)
        let after = Dictionary(new.map { ($0.expectation.probe, $0.expectation.isAnswered) }) { first, _ in first }
        let same = old.map(\.expectation).filter { after[$0.probe] == $0.isAnswered }
        let matrix = stage.matrix
        task = Task { [isOver] in
            var violations: [String] = []
            while !isOver.isSet, violations.count < 20 {
                for wrong in try await matrix.judge(same, patience: .milliseconds(100)) {
                    // One that should be open is asked again: the machine is busy.
                    var stands = !wrong.expectation.isAnswered
                    if !stands {
                        let again = try await matrix.disagreements([wrong.expectation], patience: .milliseconds(500))
                        stands = !again.isEmpty
                    }
                    if stands { violations.append("\(wrong)") }
                }
            }
            return violations
        }
    }

    /// Ends it, and tells what came through, or did not, against both policies.
    func finish() async throws -> [String] {
        isOver.set()
        flood.stop()
        var violations = try await task.value
        if counter.count > 0 { violations.append("\(counter.count) packets of the flood, such as \(counter.first)") }
        return violations
    }
}
