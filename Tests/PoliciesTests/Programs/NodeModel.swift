import Addresses
import PolicyCases
import Testing

@testable import Policies

/// A node that has all pods of a case's world, and a kernel that is told of changes only.
struct NodeModel {
    var node: NodePolicies
    private var statements: [String: PolicyStatement] = [:]
    private var attached: [String: [IPAddress]] = [:]
    var chains: [String: PolicyChain] = [:]
    var ranges: Set<String> = []
    var entries: [ProgramChange.Entry: ProgramChange.Target] = [:]
    var members: Set<ProgramChange.Member> = []
    var ports: Set<ProgramChange.Port> = []

    /// A node that knows of both families, or one that has to be told.
    init(node: NodePolicies = NodePolicies()) { self.node = node }

    /// Tells the node what differs from what it was told before.
    mutating func become(_ world: CaseWorld) {
        let oracle = world.oracle
        let wanted = Dictionary(
            (oracle.networkPolicies.map { PolicyStatement($0) } + oracle.policies.map { PolicyStatement($0) }).map {
                ($0.id, $0)
            }, uniquingKeysWith: { $1 })
        for id in statements.keys where wanted[id] == nil { node.setStatement(id, nil) }
        for (id, statement) in wanted { node.setStatement(id, statement) }
        statements = wanted
        let pods = Dictionary(
            oracle.pods.map { ("\($0.record.namespace)/\($0.record.name)", $0.record) }, uniquingKeysWith: { $1 })
        for id in Array(attached.keys) where pods[id]?.addresses != attached[id] {
            node.detach(id, of: id)
            attached[id] = nil
        }
        for id in Array(node.pods.keys) where pods[id] == nil { node.setPod(id, nil) }
        for (id, record) in pods { node.setPod(id, record) }
        tellGroups(oracle)
        for (id, record) in pods where attached[id] == nil {
            node.attach(id, of: id, record.addresses)
            attached[id] = record.addresses
        }
        take()
    }

    /// The members of every group that is asked for.
    private mutating func tellGroups(_ oracle: PolicyOracle) {
        let groups = Dictionary(
            statements.values.flatMap(\.groups).map { ($0.key, $0) }, uniquingKeysWith: { $1 })
        for key in node.wantedGroups {
            guard let group = groups[key] else { continue }
            var members: [IPAddress: [PodRecord.NamedPort]] = [:]
            for pod in oracle.pods.map(\.record) {
                var labels = oracle.namespaces[pod.namespace] ?? [:]
                labels["kubernetes.io/metadata.name"] = pod.namespace
                let isMeant =
                    switch group.namespaces {
                    case .named(let name): name == pod.namespace
                    case .labelled(let selector): selector.matches(labels)
                    }
                if isMeant, group.pods.matches(pod.labels) {
                    for address in pod.addresses { members[address] = pod.ports }
                }
            }
            node.setGroup(key, members)
        }
    }

    /// What the kernel would do, with its manners.
    private mutating func take() {
        let change = node.takeChange()
        for set in change.addedRanges { #expect(ranges.insert(set.name).inserted) }
        for member in change.addedMembers { #expect(members.insert(member).inserted) }
        for port in change.addedPorts { #expect(ports.insert(port).inserted) }
        for chain in change.addedChains {
            for case .chain(let part) in chain.rules.map(\.verdict) { #expect(chains[part] != nil) }
            #expect(chains.updateValue(chain, forKey: chain.name) == nil)
        }
        for (entry, target) in change.entries {
            if case .chain(let name)? = target { #expect(chains[name] != nil) }
            entries[entry] = target
        }
        for name in change.removedChains { #expect(chains.removeValue(forKey: name) != nil) }
        for member in change.removedMembers { #expect(members.remove(member) != nil) }
        for port in change.removedPorts { #expect(ports.remove(port) != nil) }
        for name in change.removedRanges { #expect(ranges.remove(name) != nil) }
        for case .chain(let name) in entries.values { #expect(chains[name] != nil) }
    }

    /// Whether the kernel was told everything that is wanted, and nothing else.
    var isWhole: Bool {
        Set(chains.keys) == Set(node.allChains.map(\.name)) && ranges == Set(node.allRanges.map(\.name))
            && entries == node.allEntries && members == node.allMembers
            && AddressFamily.allCases.allSatisfy { family in
                node.memberCount(family) == members.count { $0.address.family == family }
            }
            && ports == node.allPorts
    }
}
