import Addresses
import CFloor
import FoundationEssentials
import Glibc
import Nftables
import Policies
import Testbed

/// The agent as it is installed, fed by a real etcd: what it needs, and how long what etcd is told takes to the kernel.
struct AgentCase {
    static let memory = "memory of an agent, 110 pods"
    static let member = "etcd to kernel, a group's member"
    static let group = "etcd to kernel, policy over a large group"
    static let restart = "restart to ready, pods"

    let programs: String
    let plugin: String
    let out: String
    let times: Int

    private static let teams = (0..<10).map { "team-\($0)" }
    private static let groupsOfTeam = 5
    private static let membersOfGroup = 1_000
    private static var members: Int { teams.count * groupsOfTeam * membersOfGroup }

    func run(progress: @escaping (String) -> Void) async throws -> [Measure] {
        try await PolicyNode.with(programs: programs, plugin: plugin, out: out) { node in
            progress("the agent: etcd is filled")
            for team in Self.teams.indices { try fill(node, team) }
            try await node.start()
            progress("the agent: 110 pods")
            try await node.addPods(100, namespaces: Self.teams)
            let kernel = try KernelNft(table: PolicyObjects.table)
            try await eventually("the kernel has all \(Self.members) members", within: .seconds(30)) {
                try kernel.elements(of: PolicyObjects.members(.ipv4)).count == Self.members
            }
            // What counts is what an agent needs that is at work, not one that has just started or rests.
            try await Task.sleep(for: .seconds(3))
            try await node.addPods(10, namespaces: Self.teams)
            progress("the agent: label changes")
            let changes = try changes(node, kernel)
            var measures = [
                Measure(Self.memory, "romana", Self.members, try node.memory("VmRSS"), "MiB"),
                Measure(Self.memory, "romana, without its files", Self.members, try node.memory("RssAnon"), "MiB"),
                Measure(Self.memory, "romana, at most", Self.members, try node.memory("VmHWM"), "MiB"),
            ]
            measures += changes
            progress("the agent: a policy over 10000 members")
            measures += try policy(node, kernel, 10_000)
            progress("the agent: restarts")
            try await node.addPods(90, namespaces: Self.teams)
            measures += try await restarts(node)
            return measures
        }
    }

    private func group(_ team: Int, _ number: Int) -> PodGroup {
        PodGroup(
            namespaces: .labelled(LabelSelector(matchLabels: ["stage": "production"])),
            pods: LabelSelector(matchLabels: ["client-of": "\(Self.teams[team])-\(number)"]))
    }

    private func policy(_ name: String, _ namespace: String, _ groups: [PodGroup]) -> NetworkPolicy {
        NetworkPolicy(
            namespace: namespace, name: name, policyTypes: [.ingress],
            ingress: [
                NetworkPolicy.Rule(
                    peers: groups.map { group in
                        guard case .labelled(let namespaces) = group.namespaces else {
                            return .pods(namespaces: nil, pods: group.pods)
                        }
                        return .pods(namespaces: namespaces, pods: group.pods)
                    }, ports: [.init(.tcp, .number(443))])
            ])
    }

    private func member(_ place: Int) -> GroupMember {
        GroupMember(address: PolicyWorld.stranger(place), pod: "shop/web-6d4b75cb6d-\(place)")
    }

    private func fill(_ node: PolicyNode, _ team: Int) throws {
        let groups = (0..<Self.groupsOfTeam).map { group(team, $0) }
        for (number, group) in groups.enumerated() {
            let first = (team * Self.groupsOfTeam + number) * Self.membersOfGroup
            try node.store(group, (first..<first + Self.membersOfGroup).map(member))
        }
        try node.store(policy("clients", Self.teams[team], groups))
    }

    /// The number under which the kernel's sets hold the members of a policy's only group.
    private func number(_ policy: NetworkPolicy) throws -> UInt32 {
        var policies = NodePolicies(families: [.ipv4])
        let statement = PolicyStatement(policy)
        policies.setStatement(statement.id, statement)
        policies.setPod("pod", PodRecord(namespace: policy.namespace, name: "pod"))
        for key in policies.wantedGroups { policies.setGroup(key, [PolicyWorld.stranger(0): []]) }
        guard let member = policies.allMembers.first else { throw TestbedError("\(policy.title) names no group") }
        return member.number
    }

    /// Looks every now and then until an element is there, or gone.
    private func await(_ key: [NftValue], isThere: Bool, _ kernel: KernelNft) throws {
        let deadline = floor_now() + 10_000_000_000
        while try kernel.holds(key, in: PolicyObjects.members(.ipv4)) != isThere {
            if floor_now() > deadline { throw TestbedError("waited 10 s for \(key) to be \(isThere)") }
            usleep(50)
        }
    }

    private func changes(_ node: PolicyNode, _ kernel: KernelNft) throws -> [Measure] {
        let group = group(0, 0)
        let number = try number(policy("clients", Self.teams[0], [group]))
        var whole = Samples()
        var afterwards = Samples()
        for time in 0..<times / 2 {
            let member = member(Self.members + time % 7)
            let record = Array(try JSONEncoder().encode(member))
            let key: [NftValue] = [.mark(number), .address(member.address)]
            let place = PolicyNode.key(of: member, in: group)
            for isThere in [true, false] {
                let start = floor_now()
                if isThere { try node.etcd.put([(place, record)]) } else { try node.etcd.delete(place) }
                let stored = floor_now()
                try self.await(key, isThere: isThere, kernel)
                whole.add(Samples.milliseconds(since: start))
                afterwards.add(Samples.milliseconds(since: stored))
            }
        }
        return whole.measures("\(Self.member), from the request", "romana", Self.members)
            + afterwards.measures("\(Self.member), from etcd's answer", "romana", Self.members)
    }

    private func policy(_ node: PolicyNode, _ kernel: KernelNft, _ size: Int) throws -> [Measure] {
        let group = PodGroup(
            namespaces: .labelled(LabelSelector()), pods: LabelSelector(matchLabels: ["tier": "web"]))
        try node.store(group, (0..<size).map(member))
        let policy = policy("all-of-the-web", Self.teams[0], [group])
        let key: [NftValue] = [.mark(try number(policy)), .address(member(size - 1).address)]
        var samples = Samples()
        for _ in 0..<5 {
            try samples.time {
                try node.store(policy)
                try self.await(key, isThere: true, kernel)
            }
            try node.remove(policy)
            try self.await(key, isThere: false, kernel)
        }
        return [Measure(Self.group, "romana", size, samples.median, "ms")]
    }

    private func restarts(_ node: PolicyNode) async throws -> [Measure] {
        var samples = Samples()
        for _ in 0..<3 {
            await node.crash()
            let start = floor_now()
            try await node.start()
            samples.add(Samples.milliseconds(since: start))
        }
        return [Measure(Self.restart, "romana", 200, samples.median, "ms")]
    }
}
