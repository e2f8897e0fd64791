import LinuxSystem
import Policies
import PolicyCases
import Synchronization
import Testbed
import Testing

extension SystemTests {
    /// Every case of ``PolicyCase``, and as many made at random, on packets.
    ///
    /// `ROMANA_POLICY_CASES` and `ROMANA_POLICY_SEED` choose how many random ones and which, `ROMANA_POLICY_ONLY` cases
    /// whose names contain a text.
    @Suite(
        "Policies on packets: who reaches whom",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"))
    struct PolicyTableTests {
        private static func number(_ variable: String) -> UInt64? {
            ProcessEnvironment.value(variable).flatMap { UInt64($0) }
        }

        private static func chosen(_ cases: [PolicyCase]) -> [PolicyCase] {
            guard let text = ProcessEnvironment.value("ROMANA_POLICY_ONLY") else { return cases }
            return cases.filter { $0.name.contains(text) }
        }

        @Test("is as the oracle says in every case that has a name")
        func named() async throws {
            #expect(PolicyCase.all.count >= 150)
            try await Self.play(Self.chosen(PolicyCase.all))
        }

        @Test("is as the oracle says in cases made at random")
        func random() async throws {
            let seed = Self.number("ROMANA_POLICY_SEED") ?? UInt64.random(in: 0..<1_000_000_000)
            let count = Int(Self.number("ROMANA_POLICY_CASES") ?? 500)
            print("\(count) random cases of ROMANA_POLICY_SEED=\(seed)")
            try await Self.play(Self.chosen(RandomPolicies(seed: seed).cases(count)))
        }

        /// Plays cases on two clusters: while one waits for silence the other works.
        ///
        /// The agents of one let open connections be, which makes no difference to new ones.
        private static func play(_ cases: [PolicyCase]) async throws {
            let queue = PolicyCaseQueue(cases)
            let clock = ContinuousClock()
            let start = clock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<min(2, cases.count) {
                    group.addTask {
                        let options = lane == 0 ? [] : ["--keep-connections"]
                        try await PolicyStage.run({ $0.agentOptions += options }) { stage in
                            try await stage.forgetsSoon()
                            while let story = queue.next() { try await play(story, on: &stage, queue) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            print("\(cases.count) cases in \(queue.steps) steps took \(clock.now - start)")
        }

        /// Plays a case, which begins where the one before it has ended.
        private static func play(_ story: PolicyCase, on stage: inout PolicyStage, _ queue: PolicyCaseQueue)
            async throws
        {
            for (index, step) in story.steps.enumerated() {
                var target = index == 0 ? CaseWorld.usual.placed(as: stage.world) : stage.world
                let changes = step.changes(target)
                for change in changes { target.apply(change) }
                try await stage.move(to: target)
                let wrong = try await stage.disagreements()
                queue.tookStep()
                if wrong.isEmpty { continue }
                queue.failed()
                Issue.record(
                    """
                    \(story.name), step \(index + 1): \(wrong.count) cells are wrong, such as
                    \(wrong.prefix(6).joined(separator: "\n"))
                    after \(changes)
                    """)
                return
            }
        }
    }
}

/// Cases that are yet to be played, by whoever has time.
private final class PolicyCaseQueue: Sendable {
    private struct State {
        var left: ArraySlice<PolicyCase>
        var steps = 0
        var failures = 0
    }
    private let state: Mutex<State>

    init(_ cases: [PolicyCase]) { state = Mutex(State(left: cases[...])) }

    /// The next one; none when all are played, or so many failed that the cause can be looked for.
    func next() -> PolicyCase? {
        state.withLock { state in state.failures < 5 ? state.left.popFirst() : nil }
    }

    func tookStep() { state.withLock { $0.steps += 1 } }
    func failed() { state.withLock { $0.failures += 1 } }
    var steps: Int { state.withLock { $0.steps } }
}

extension CaseWorld {
    /// The same with the addresses and nodes that pods of another world have.
    func placed(as other: CaseWorld) -> CaseWorld {
        var world = self
        world.oracle.nodes = other.oracle.nodes
        for pod in other.oracle.pods.map(\.record) {
            world.place(pod.namespace, pod.name, at: pod.addresses, node: pod.node)
        }
        return world
    }
}
