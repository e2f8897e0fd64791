import Addresses
import Nftables
import Policies
import Testbed

/// A policy over a group of thousands of pods: from the event to the end of the commit.
struct GroupCase {
    static let topic = "policy over a large group"

    let rounds: Int

    func run(_ size: Int, progress: (String) -> Void) async throws -> [Measure] {
        let world = PolicyWorld(count: 110, members: 10)
        let kernel = try TimedKernel()
        try kernel.clear()
        var table = try PolicyTable.started(NodeStart(world), kernel: kernel)
        let group = PodGroup(
            namespaces: .labelled(LabelSelector()), pods: LabelSelector(matchLabels: ["tier": "web"]))
        let policy = PolicyStatement(
            NetworkPolicy(
                namespace: world.namespace(0), name: "from-all-of-the-web",
                podSelector: world.policy(0).podSelector, policyTypes: [.ingress],
                ingress: [
                    NetworkPolicy.Rule(
                        peers: [.pods(namespaces: LabelSelector(), pods: group.pods)],
                        ports: [.init(.tcp, .number(8080))])
                ]))
        let crowd = Dictionary(
            (0..<size).map { (PolicyWorld.stranger($0), [PodRecord.NamedPort]()) }, uniquingKeysWith: { $1 })
        let file = try TemporaryDirectory("nft")
        defer { file.remove() }
        try TextFile.write(NftText.group(size), to: file.file("group.nft"))
        var ours = Samples()
        var commits = Samples()
        var floor = Samples()
        var peer = Samples()
        for round in 1...rounds {
            progress("a policy over \(size) members, round \(round) of \(rounds)")
            let before = kernel.spent
            try ours.time {
                // Its members are asked for once the policy is there.
                table.policies.setStatement(policy.id, policy)
                try table.commit()
                table.policies.setGroup(group.key, crowd)
                try table.commit()
            }
            commits.add(kernel.spent - before)
            table.policies.setStatement(policy.id, nil)
            try table.commit()
            table.policies.dropGroup(group.key)
            try floor.time(rawElements(size))
            try await NftText.load(file.file("group.nft"), table: "peer", into: &peer)
        }
        try kernel.clear()
        return [
            Measure(Self.topic, "romana", size, ours.median, "ms"),
            Measure(Self.topic, "romana's transactions", size, commits.median, "ms"),
            Measure(Self.topic, "kernel", size, floor.median, "ms"),
            Measure(Self.topic, "nft -f", size, peer.median, "ms"),
        ]
    }

    /// One transaction with so many elements and nothing else, made ready before.
    private func rawElements(_ size: Int) throws -> () throws -> Void {
        let kernel = try KernelNft(table: "floor")
        let set = NftSet("addresses", key: [.ipv4Address])
        let elements = (0..<size).map { NftElement([.address(PolicyWorld.stranger($0))]) }
        let slices = stride(from: 0, to: size, by: 4_000).map {
            NftOperation.addElements(set, Array(elements[$0..<min($0 + 4_000, size)]))
        }
        if try kernel.chains() != nil { try kernel.commit([.deleteTable]) }
        try kernel.commit([.addTable, .addSet(set)])
        return {
            try kernel.commit(slices)
        }
    }
}
