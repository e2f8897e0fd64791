import Addresses
import Nftables
import Policies
import Testbed

/// A node that comes up with everything there already: from values to the end of the last commit.
struct ColdStartCase {
    static let topic = "cold start"

    let rounds: Int
    /// Members of each policy's group.
    let members: Int

    func run(_ size: Int, progress: (String) -> Void) async throws -> [Measure] {
        let world = PolicyWorld(count: size, members: members)
        let start = NodeStart(world)
        let directory = try TemporaryDirectory("nft")
        defer { directory.remove() }
        try TextFile.write(NftText.naive(world), to: directory.file("naive.nft"))
        var ours = Samples()
        var both = Samples()
        var commits = Samples()
        var floor = Samples()
        var naive = Samples()
        for round in 1...rounds {
            progress("cold start with \(size) profiles, round \(round) of \(rounds)")
            let kernel = try TimedKernel()
            try kernel.clear()
            try ours.time { try PolicyTable.started(start, kernel: kernel) }
            commits.add(kernel.spent)
            if round == 1 { try check(kernel, world) }
            try kernel.clear()
            // The same on a node whose pods may have addresses of both families.
            let wide = PolicyWorld.networks + [IPPrefix.everything(.ipv6)]
            try both.time { try PolicyTable.started(start, networks: wide, kernel: kernel) }
            try kernel.clear()
            // They are kept in a run of their own, so that keeping them costs the others nothing.
            let transactions = try kept(start)
            let raw = try TimedKernel()
            try floor.time { for transaction in transactions { try raw.commit(transaction) } }
            try raw.clear()
            if round == 1 {
                progress("cold start with \(size) profiles, as nobody should write them")
                try await NftText.load(directory.file("naive.nft"), table: "naive", into: &naive)
            }
        }
        return [
            Measure(Self.topic, "romana", size, ours.median, "ms"),
            Measure(Self.topic, "romana, both families", size, both.median, "ms"),
            Measure(Self.topic, "romana's transactions", size, commits.median, "ms"),
            Measure(Self.topic, "the same transactions alone", size, floor.median, "ms"),
            Measure(Self.topic, "nft -f, sets of each chain's own", size, naive.median, "ms"),
        ]
    }

    private func kept(_ start: NodeStart) throws -> [[NftOperation]] {
        let kernel = try TimedKernel(keepsTransactions: true)
        try PolicyTable.started(start, kernel: kernel)
        try kernel.clear()
        return kernel.transactions
    }

    /// The kernel holds what was asked for: it is no feat to be fast with less.
    private func check(_ kernel: TimedKernel, _ world: PolicyWorld) throws {
        let chains = try kernel.chains()?.filter { $0.hasPrefix("in-") }.count ?? 0
        let held = try kernel.elements(of: PolicyObjects.members(.ipv4)).count
        let entries = try kernel.elements(of: PolicyObjects.entries(.ingress, .ipv4)).count
        guard chains == world.count, held == world.count * world.members, entries == world.count else {
            throw TestbedError("\(world.count) profiles came to \(chains) chains, \(entries) entries, \(held) members")
        }
    }
}
