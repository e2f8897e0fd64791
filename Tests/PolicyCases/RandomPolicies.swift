import Addresses
import Policies
import SeededRandom

/// Cases made at random: the same for the same seed, number and addresses of pods.
public struct RandomPolicies: Sendable {
    /// What the cases are made of; to be printed, so that a run can be had again.
    public let seed: UInt64

    /// The cases of a seed.
    public init(seed: UInt64) { self.seed = seed }

    /// The first cases.
    public func cases(_ count: Int) -> [PolicyCase] { (0..<count).map(self.case) }

    /// One case, which does not depend on those before it.
    public func `case`(_ number: Int) -> PolicyCase {
        var generator = SeededGenerator(seed: seed &+ UInt64(truncatingIfNeeded: number) &* 0x2545_F491_4F6C_DD1D)
        let seeds = (0..<Int.random(in: 1...3, using: &generator)).map { _ in generator.next() }
        let steps = seeds.enumerated().map { index, seed in
            PolicyCase.Step { world in
                var draft = PolicyDraft(world: world, generator: SeededGenerator(seed: seed))
                return draft.changes(isFirst: index == 0)
            }
        }
        return PolicyCase("random \(seed).\(number)", .random, steps)
    }
}

/// Changes to a world, made up by chance.
struct PolicyDraft {
    let world: CaseWorld
    var generator: SeededGenerator

    /// What happens in one step: in the first policies come, later anything may.
    mutating func changes(isFirst: Bool) -> [PolicyChange] {
        var changes: [PolicyChange] = []
        let count = Int.random(in: 1...4, using: &generator)
        // Of two changes of one object the second would not see the first.
        var touched: Set<String> = []
        while changes.count < count {
            let change = isFirst ? policyChange() : generator.chance(55) ? policyChange() : worldChange()
            if touched.insert(change.subject).inserted { changes.append(change) }
        }
        return changes
    }

    private mutating func policyChange() -> PolicyChange {
        if let policy = world.oracle.networkPolicies.randomElement(using: &generator), generator.chance(25) {
            return .remove(policy.namespace, policy.name)
        }
        if let policy = world.oracle.policies.randomElement(using: &generator), generator.chance(25) {
            return .withdraw(policy.id)
        }
        return generator.chance(15) ? .add(romanaPolicy()) : .put(networkPolicy())
    }

    private mutating func worldChange() -> PolicyChange {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<5:
            let pod = CaseWorld.record(namespace(), generator.pick("a", "b", "c"))
            return .labelPod(pod.namespace, pod.name, podLabels())
        case 5..<8:
            let name = namespace()
            return .labelNamespace(
                name, generator.pick(["ns": name], ["ns": namespace()], [:], ["ns": name, "team": "red"]))
        default:
            let extra = world.oracle.pods.map(\.record).first { $0.name == "d" }
            if let extra { return .stop(extra.namespace, extra.name) }
            return .start(CaseWorld.record(namespace(), "d", labels: podLabels()))
        }
    }

    private mutating func podLabels() -> [String: String] {
        var labels: [String: String] = generator.chance(90) ? ["pod": letter()] : [:]
        if generator.chance(30) { labels["tier"] = generator.pick("front", "back") }
        if generator.chance(30) { labels["romana.io/segment"] = generator.pick("front", "default", "") }
        return labels
    }

    /// A letter of a namespace.
    mutating func namespace() -> String { generator.pick("x", "y", "z") }
    /// A letter of a pod.
    mutating func letter() -> String { generator.pick("a", "b", "c") }
}

extension PolicyChange {
    /// The object that changes.
    fileprivate var subject: String {
        switch self {
        case .put(let policy): "policy \(policy.namespace)/\(policy.name)"
        case .remove(let namespace, let name): "policy \(namespace)/\(name)"
        case .add(let policy): "romana \(policy.id)"
        case .withdraw(let id): "romana \(id)"
        case .labelPod(let namespace, let name, _): "pod \(namespace)/\(name)"
        case .labelNamespace(let name, _): "namespace \(name)"
        case .start(let record): "pod \(record.namespace)/\(record.name)"
        case .stop(let namespace, let name): "pod \(namespace)/\(name)"
        }
    }
}
