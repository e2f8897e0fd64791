import Nftables
import Policies

/// What others do to the table: a firewall that starts anew, somebody with `nft`.
extension PolicyTable {
    /// Chains of profiles that are looked at in one go.
    private static let glance = 200

    /// Looks whether somebody else removed the table, a chain, or rules of one; cheap when nobody changed anything.
    ///
    /// What is wrong with the chains that are the same everywhere leaves ``isInDoubt``; chains of profiles are mended
    /// here, some at a time.
    mutating func lookForChanges() throws(NftError) {
        let now = try kernel.generation()
        if now != generation {
            generation = now
            guard try kernel.chains() != nil else {
                isInDoubt = true
                return
            }
            for (chain, count) in frame.ruleCounts where try kernel.ruleCount(of: chain) != count {
                isInDoubt = true
            }
            unseen = chains
            isMiscounted = true
        }
        if !unseen.isEmpty { try mendChains() }
    }

    private mutating func mendChains() throws(NftError) {
        var mending: [NftOperation] = []
        for name in unseen.prefix(Self.glance) {
            unseen.remove(name)
            guard chains.contains(name), let chain = policies.chain(name) else { continue }
            let operations = chain.operations(settings)
            guard try kernel.ruleCount(of: name) != operations.ruleCounts[name] else { continue }
            // nft add chain inet romana NAME; nft flush chain inet romana NAME; nft add rule ...
            mending += [.addChain(NftChain(name, comment: chain.titles)), .flushChain(name)] + operations.dropFirst()
        }
        guard !mending.isEmpty else { return }
        counters.mended += 1
        try transact(mending)
    }
}

extension [NftOperation] {
    /// How many rules each chain has after operations that make them all.
    fileprivate var ruleCounts: [String: Int] {
        var counts: [String: Int] = [:]
        for operation in self {
            switch operation {
            case .addChain(let chain): counts[chain.name, default: 0] += 0
            case .addRule(let chain, _): counts[chain, default: 0] += 1
            default: break
            }
        }
        return counts
    }
}
