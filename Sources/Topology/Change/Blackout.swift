public import Addresses

/// A part of a network that is never given to pods, and what is in use of it all the same.
///
/// No block is granted that is blacked out as a whole, and no node gives an address that is; what pods have they keep.
public struct Blackout: Hashable, Sendable {
    /// The network.
    public let network: String
    /// The addresses.
    public let cidr: IPPrefix
    /// Blocks in use that share addresses with it.
    public let blocks: [BlockRecord]
}

/// A blackout that is added or removed.
public struct BlackoutChange: Sendable {
    /// The document to store.
    public let document: TopologyDocument
    /// The blackout, with what is in use of it.
    public let blackout: Blackout
    /// Blackouts inside the new one that it takes the place of.
    public let replaced: [IPPrefix]
    /// Whether the document stays as it is, as the addresses are blacked out already.
    public let isEmpty: Bool

    /// Adds a blackout, which takes the place of those inside it.
    ///
    /// Throws when it is part of no network or covers a whole one.
    ///
    /// - Parameters:
    ///   - blocks: all blocks that hosts have.
    ///   - inUse: with a list of the addresses in use, the blackout is refused when one of them is part of it; nil
    ///     keeps them in use.
    public init(
        adding cidr: IPPrefix, to document: TopologyDocument, blocks: some Sequence<BlockRecord> = [],
        refusing inUse: [IPAddress]? = nil
    ) throws(TopologyError) {
        let field = "blackout \(cidr)"
        let index = try document.indexOfNetwork(around: cidr)
        let network = document.networks[index]
        guard network.cidr != cidr else {
            throw TopologyError(field: field, problem: "it is all of network \(network.name) (\(network.cidr))")
        }
        let victims = (inUse ?? []).filter { cidr.contains($0) }.sorted()
        guard victims.isEmpty else {
            let list = victims.prefix(TopologyError.spelledOut).map(\.description).joined(separator: ", ")
            throw TopologyError(
                field: field,
                problem: "\(victims.count) of its addresses are in use in network \(network.name): \(list)")
        }
        isEmpty = network.blackouts.contains { $0.contains(cidr) }
        replaced = isEmpty ? [] : network.blackouts.filter { cidr.contains($0) }
        self.document = isEmpty ? document : try document.blackingOut(network.blackouts + [cidr], ofNetworkAt: index)
        blackout = Blackout(network: network.name, cidr: cidr, blocks: blocks.inUse(overlapping: cidr))
    }

    /// Removes a blackout, which must be named as it was added.
    ///
    /// Throws when there is no such blackout, and names those that share addresses with it.
    public init(
        removing cidr: IPPrefix, from document: TopologyDocument, blocks: some Sequence<BlockRecord> = []
    ) throws(TopologyError) {
        let index = try document.indexOfNetwork(around: cidr)
        let network = document.networks[index]
        guard network.blackouts.contains(cidr) else {
            let near = network.blackouts.filter { $0.overlaps(cidr) }.map(\.description).joined(separator: ", ")
            throw TopologyError(
                field: "blackout \(cidr)",
                problem: "there is none in network \(network.name)" + (near.isEmpty ? "" : ", there is \(near)"))
        }
        isEmpty = false
        replaced = []
        self.document = try document.blackingOut(network.blackouts.filter { $0 != cidr }, ofNetworkAt: index)
        blackout = Blackout(network: network.name, cidr: cidr, blocks: blocks.inUse(overlapping: cidr))
    }
}

extension TopologyDocument {
    /// All blackouts in the order of networks and addresses, with what is in use of them.
    public func blackouts(with blocks: some Sequence<BlockRecord> = []) -> [Blackout] {
        let blocks = Array(blocks)
        return networks.flatMap { network in
            network.blackouts.map {
                Blackout(network: network.name, cidr: $0, blocks: blocks.inUse(overlapping: $0))
            }
        }
    }

    fileprivate func indexOfNetwork(around cidr: IPPrefix) throws(TopologyError) -> Int {
        if let index = networks.firstIndex(where: { $0.cidr.contains(cidr) }) { return index }
        let names = networks.map { "\($0.name) (\($0.cidr))" }.joined(separator: ", ")
        throw TopologyError(
            field: "blackout \(cidr)", problem: "it is part of no network\(names.isEmpty ? "" : ": there is \(names)")")
    }

    fileprivate func blackingOut(_ blackouts: [IPPrefix], ofNetworkAt index: Int) throws(TopologyError)
        -> TopologyDocument
    {
        var networks = networks
        networks[index] = try networks[index].blackingOut(blackouts, field: "networks[\(index)]")
        return try TopologyDocument(networks: networks, topologies: topologies)
    }
}

extension Sequence<BlockRecord> {
    fileprivate func inUse(overlapping cidr: IPPrefix) -> [BlockRecord] {
        filter { $0.isInUse && $0.cidr.overlaps(cidr) }.sorted { $0.cidr < $1.cidr }
    }
}
