import Addresses
import Nftables
import Policies

/// Table `inet romana` of the node: what is wanted in it, what the kernel holds, and how one becomes the other.
///
/// What it copes with:
/// - *A restart:* the kernel goes on with what it has; it is compared once, by names that follow from content, and what
///   nobody wants goes only when everything that pods need is known again.
/// - *A first start:* packets are sent through policies last of all, when all that they lead to is there.
/// - *A refused transaction, or a table that somebody removed:* it is compared with the kernel again, soon.
/// - *Tens of thousands of elements at once:* they go in slices before anything refers to them.
struct PolicyTable {
    /// What policies come to for the pods.
    var policies = NodePolicies(families: [])
    let settings: PolicySettings
    let kernel: any NftKernel

    /// Operations on elements that go into one transaction when there are many.
    static let slice = 20_000

    /// Where entries lead in the kernel.
    var entries: [ProgramChange.Entry: ProgramChange.Target] = [:]
    /// Names of chains and of sets of ranges in the kernel.
    var chains: Set<String> = []
    var ranges: Set<String> = []
    /// Links and addresses of attached pods, in the kernel.
    var pods: [String: PodPlace] = [:]
    /// Attachments that are let in, by id.
    var standing: [String: Attachment] = [:]
    /// Ports of the node that lead to pods, and whose they are.
    var mappedPorts: [MappedPort: String] = [:]
    /// What the kernel was found to hold when the agent started, until it is known what of it is wanted.
    var leftovers: Leftovers?
    /// Whether packets go through policies.
    var isDispatching = false
    /// Whether the kernel may hold something else than is noted here.
    var isInDoubt = false
    var translationLink: String?
    var networks: [IPPrefix] = []
    /// The kernel's count of changes as it is when nobody but us has made any since our last look.
    var generation: UInt32 = 0
    /// Chains of profiles that have to be looked at, since somebody else has changed something.
    var unseen: Set<String> = []
    /// Whether sets have to be counted, since somebody else has changed something, and when the next round may begin.
    var isMiscounted = false
    var nextCount: UInt64 = 0
    /// Names of sets that this round has yet to count.
    var uncounted: Set<String> = []
    /// Whether the kernel holds more than is wanted, for pods of which nothing is known.
    var holdsMore = false
    var counters = Counters()

    /// What has been done.
    struct Counters: Sendable {
        var transactions: UInt64 = 0
        var refused: UInt64 = 0
        var rebuilt: UInt64 = 0
        var mended: UInt64 = 0
    }

    /// A pod's link, its addresses, and those of the other links of the same container: what answers on one may have been
    /// asked on another.
    struct PodPlace: Hashable {
        var index: UInt32
        var addresses: [IPAddress]
        var others: [IPAddress] = []

        /// The elements of the set of links that it needs.
        var links: Set<LinkAddress> { Set((addresses + others).map { LinkAddress(index: index, address: $0) }) }
    }

    /// An address that may come from a link.
    struct LinkAddress: Hashable {
        var index: UInt32
        var address: IPAddress
    }

    /// What an earlier agent left.
    struct Leftovers {
        var members: Set<ProgramChange.Member> = []
        var ports: Set<ProgramChange.Port> = []
        var links: Set<LinkAddress> = []
        var own: Set<IPAddress> = []
        /// What no agent writes.
        var strange: [(set: NftSet, key: [NftValue])] = []
    }

    init(settings: PolicySettings, kernel: any NftKernel) {
        self.settings = settings
        self.kernel = kernel
    }

    /// Lets pods in: their links, addresses and policies, in one transaction with whatever else is to change.
    mutating func admit(_ attachments: [Attachment]) throws(NftError) {
        for attachment in attachments {
            policies.attach(attachment.key.description, of: attachment.policyPod, attachment.addresses.map(\.address))
        }
        var mapped: [MappedPort: NftElement] = [:]
        var owners: [MappedPort: String] = [:]
        for attachment in attachments {
            for (port, element) in MappedPort.elements(attachment) where mapped[port] == nil {
                mapped[port] = element
                owners[port] = attachment.key.description
            }
        }
        for attachment in attachments { standing[attachment.key.description] = attachment }
        let moved = places(of: Set(attachments.map(\.key.containerID)))
        do {
            try commit(admitting: moved, mapping: mapped, owners: owners)
        } catch {
            for attachment in attachments { standing[attachment.key.description] = nil }
            throw error
        }
    }

    /// Takes pods out; what cannot be removed now is found by the next comparison.
    mutating func dismiss(_ attachments: [Attachment]) throws(NftError) {
        for attachment in attachments {
            policies.detach(attachment.key.description, of: attachment.policyPod)
        }
        for attachment in attachments { standing[attachment.key.description] = nil }
        let known = attachments.map(\.key.description).filter { pods[$0] != nil }
        try commit(admitting: places(of: Set(attachments.map(\.key.containerID))), dismissing: known)
    }

    /// Brings what has changed in policies to the kernel, and pods with it.
    ///
    /// The addresses whose connections have to be looked at are the answer.
    @discardableResult
    mutating func commit(
        admitting: [(String, PodPlace)] = [], mapping mapped: [MappedPort: NftElement] = [:],
        owners: [MappedPort: String] = [:], dismissing: [String] = []
    ) throws(NftError) -> Set<IPAddress> {
        let change = policies.takeChange()
        // Ports of the node go first: they may have another pod now.
        var operations = dismissing.flatMap { unmap($0) }
        operations += additions(change)
        operations += turns(change)
        for (id, place) in admitting where pods[id] != place {
            if let old = pods[id] { operations += placement(old, isNew: false) }
            operations += placement(place, isNew: true)
        }
        for id in dismissing { if let place = pods[id] { operations += placement(place, isNew: false) } }
        operations += mapped.flatMap { [.addElements($0.key.set, [$0.value])] }
        operations += removals(change)
        guard !operations.isEmpty else { return change.narrowed }
        do {
            try transact(operations)
        } catch {
            isInDoubt = true
            throw error
        }
        note(change)
        for (id, place) in admitting { pods[id] = place }
        mappedPorts.merge(owners) { $1 }
        if !dismissing.isEmpty { mappedPorts = mappedPorts.filter { !dismissing.contains($0.value) } }
        for id in dismissing {
            guard let place = pods.removeValue(forKey: id) else { continue }
            leftovers?.links.subtract(place.links)
            leftovers?.own.subtract(place.addresses)
        }
        return change.narrowed
    }

    private func size(_ operation: NftOperation) -> Int {
        switch operation {
        case .addElements(_, let elements), .deleteElements(_, let elements): elements.count
        default: 1
        }
    }

    /// Commits operations in order: all at once, or in slices when there are very many.
    mutating func transact(_ operations: [NftOperation]) throws(NftError) {
        var slice: [NftOperation] = []
        var count = 0
        for operation in operations {
            slice.append(operation)
            count += size(operation)
            if count >= Self.slice {
                try send(slice)
                slice = []
                count = 0
            }
        }
        if !slice.isEmpty { try send(slice) }
    }

    private mutating func send(_ operations: [NftOperation]) throws(NftError) {
        counters.transactions += 1
        do {
            try kernel.commit(operations)
            generation &+= 1
        } catch {
            counters.refused += 1
            throw error
        }
    }

    private mutating func note(_ change: ProgramChange) {
        for set in change.addedRanges { ranges.insert(set.name) }
        for chain in change.addedChains { chains.insert(chain.name) }
        for (entry, target) in change.entries { entries[entry] = target }
        guard leftovers == nil else {
            // Nothing was removed: what of it is wanted is found out together with what was there before.
            leftovers?.members.formUnion(change.addedMembers + change.removedMembers)
            leftovers?.ports.formUnion(change.addedPorts + change.removedPorts)
            return
        }
        chains.subtract(change.removedChains)
        ranges.subtract(change.removedRanges)
    }
}

extension Attachment {
    /// How policies know its pod.
    var policyPod: String { pod.isEmpty ? key.description : "\(namespace)/\(pod)" }
}

extension PolicyTable {
    /// Where all attachments of some containers are.
    private func places(of containers: Set<String>) -> [(String, PodPlace)] {
        let all = Dictionary(
            grouping: standing.values.filter { containers.contains($0.key.containerID) }, by: \.key.containerID)
        return all.values.joined().map { attachment in
            let others = (all[attachment.key.containerID] ?? []).filter { $0.key != attachment.key }
            return (
                attachment.key.description,
                PodPlace(
                    index: attachment.hostIndex, addresses: attachment.addresses.map(\.address),
                    others: others.flatMap { $0.addresses.map(\.address) }.sorted())
            )
        }
    }

    /// Where all attachments are that are let in.
    var allPlaces: [(String, PodPlace)] { places(of: Set(standing.values.map(\.key.containerID))) }
}
