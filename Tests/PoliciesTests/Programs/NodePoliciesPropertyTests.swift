import Addresses
import PolicyCases
import Testing

@testable import Policies

/// Chains against an evaluator that was written without knowing of them.
@Suite("What policies come to for a node")
struct NodePoliciesPropertyTests {
    private static func disagreements(_ model: NodeModel, _ world: CaseWorld) -> [String] {
        var found: [String] = []
        for judgement in world.table() where model.says(judgement, world) != judgement.isAllowed {
            found.append("\(judgement)")
        }
        return found
    }

    @Test("chains say what the oracle says, for every case and every step", arguments: PolicyCase.Category.allCases)
    func cases(_ category: PolicyCase.Category) async {
        for policyCase in PolicyCase.all where policyCase.category == category {
            // Tests that wait for somebody shall not wait for all of this.
            await Task.yield()
            var world = CaseWorld.imagined
            var model = NodeModel()
            for step in policyCase.steps {
                for change in step.changes(world) { world.apply(change) }
                model.become(world)
                #expect(Self.disagreements(model, world).prefix(3) == [], "\(policyCase.name)")
                #expect(model.isWhole, "\(policyCase.name)")
            }
        }
    }

    @Test("random histories: chains say what the oracle says, and changes add up to what is wanted from scratch")
    func histories() async {
        var world = CaseWorld.imagined
        var model = NodeModel()
        for policyCase in RandomPolicies(seed: 20_261_121).cases(40) {
            await Task.yield()
            // One node goes through all of them, so that what is left behind by one would be seen in the next.
            for change in world.changes(to: .imagined) { world.apply(change) }
            for step in policyCase.steps {
                for change in step.changes(world) { world.apply(change) }
                model.become(world)
                #expect(Self.disagreements(model, world).prefix(3) == [], "\(policyCase.name)")
                #expect(model.isWhole, "\(policyCase.name)")
                var fresh = NodeModel()
                fresh.become(world)
                #expect(fresh.chains == model.chains && fresh.entries == model.entries, "\(policyCase.name)")
                #expect(fresh.members == model.members && fresh.ports == model.ports, "\(policyCase.name)")
                // One that learns from its pods which families there are.
                var learning = NodeModel(node: NodePolicies(families: []))
                learning.become(world)
                #expect(learning.isWhole, "\(policyCase.name)")
                #expect(learning.chains == model.chains && learning.entries == model.entries, "\(policyCase.name)")
                #expect(learning.members == model.members && learning.ports == model.ports, "\(policyCase.name)")
            }
        }
        for change in world.changes(to: .imagined) { world.apply(change) }
        model.become(world)
        #expect(model.node.subjects.isEmpty)
        #expect(model.chains.isEmpty && model.members.isEmpty && model.ports.isEmpty && model.ranges.isEmpty)
    }
}

extension NodeModel {
    /// What the chains say of a cell of a table.
    func says(_ judgement: Judgement, _ world: CaseWorld) -> Bool? {
        func address(_ end: PolicyOracle.Endpoint) -> IPAddress? {
            world.oracle.addresses(of: end).first { $0.family == judgement.family }
        }
        guard let from = address(judgement.from), let to = address(judgement.to) else { return nil }
        let traffic: ConnectionTraffic =
            switch judgement.traffic {
            case .port(let transport, let port): .port(transport, port)
            case .icmp(let type, let code): .icmp(type: type, code: code)
            }
        return node.allows(from: from, to: to, traffic)
    }
}
