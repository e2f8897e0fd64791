import Addresses
import Policies
import PolicyCases
import Testing

/// The cases that packets are sent for elsewhere, before the oracle alone.
@Suite struct PolicyCasesTests {
    /// The worlds of a case after each of its steps.
    private static func worlds(_ policyCase: PolicyCase) -> [CaseWorld] {
        var world = CaseWorld.imagined
        return policyCase.steps.map { step in
            for change in step.changes(world) { world.apply(change) }
            return world
        }
    }

    @Test(arguments: PolicyCase.Category.allCases.dropLast())
    func theOracleSaysWhatIsExpectedByHand(_ category: PolicyCase.Category) async throws {
        let cases = PolicyCase.all.filter { $0.category == category }
        #expect(cases.count >= 15)
        for policyCase in cases {
            // Tests that wait for somebody shall not wait for all of this.
            await Task.yield()
            for (number, (step, world)) in zip(policyCase.steps, Self.worlds(policyCase)).enumerated() {
                let table = world.table()
                for hand in step.expected {
                    let mismatch = hand.mismatches(table).first
                    #expect(mismatch == nil, "\(policyCase.name), step \(number)")
                }
            }
        }
    }

    @Test func everyCaseHasItsOwnNameAndLooksAtSomething() {
        #expect(CaseWorld.imagined.table().count == 9 * 9 * PolicyCase.traffic.count * 2)
        #expect(Set(PolicyCase.all.map(\.name)).count == PolicyCase.all.count)
        #expect(PolicyCase.all.count >= 170)
        #expect(PolicyCase.all.count { $0.steps.contains { !$0.expected.isEmpty } } >= 40)
        for policyCase in PolicyCase.all {
            #expect(policyCase.steps.first.map { !$0.changes(.imagined).isEmpty } == true, "\(policyCase.name)")
        }
    }

    @Test func everyFormOfAPolicyOccurs() {
        for cases in [PolicyCase.all, RandomPolicies(seed: 1).cases(500)] {
            let policies = cases.flatMap(Self.worlds).flatMap(\.oracle.networkPolicies)
            let forms = policies.reduce(into: Set<PolicyForm>()) { $0.formUnion(PolicyForm.forms($1)) }
            #expect(PolicyForm.allCases.filter { !forms.contains($0) } == [])
        }
    }

    @Test func randomCasesAreThoseOfTheirSeedAndDifferFromEachOther() async {
        let seed = UInt64(20_261_121)
        let cases = RandomPolicies(seed: seed).cases(500)
        let ends = cases.map { Self.worlds($0).last }
        #expect(RandomPolicies(seed: seed).cases(500).map { Self.worlds($0).last } == ends)
        #expect(Set(ends).count > 480)
        var mixed = 0
        for (policyCase, world) in zip(cases, ends) {
            await Task.yield()
            #expect(world?.oracle.policies.allSatisfy(\.problems.isEmpty) == true, "\(policyCase.name)")
            let allowed = Set(world?.table([.port(.tcp, 80)], families: [.ipv4]).map(\.isAllowed) ?? [])
            if allowed.count == 2 { mixed += 1 }
        }
        // A table of one kind of cell says little.
        #expect(mixed > 350, "\(mixed)")
    }

    @Test func aWorldIsRestoredByTheChangesBetweenBoth() {
        let cases = PolicyCase.all.filter { $0.category == .changes } + RandomPolicies(seed: 7).cases(50)
        for policyCase in cases {
            guard var world = Self.worlds(policyCase).last else { continue }
            for change in world.changes(to: .imagined) { world.apply(change) }
            #expect(Set(world.oracle.pods) == Set(CaseWorld.imagined.oracle.pods), "\(policyCase.name)")
            #expect(world.oracle.namespaces == CaseWorld.imagined.oracle.namespaces, "\(policyCase.name)")
            #expect(world.oracle.networkPolicies.isEmpty && world.oracle.policies.isEmpty, "\(policyCase.name)")
            #expect(world.changes(to: .imagined).isEmpty, "\(policyCase.name)")
        }
    }
}
