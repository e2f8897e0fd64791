import Addresses
import Testing
import Topology

/// What users of the original do with a topology, and what comes of it.
struct Scenario: Sendable, CustomTestStringConvertible {
    /// One thing done, with what must come of it.
    enum Step: Sendable {
        /// An owner on a host asks for addresses and gets them; nil for none.
        case allocate(String, on: String, tenant: String = "t", segment: String = "s", String?)
        /// So many owners ask in turn on each of some hosts, and all of them get an address.
        case allocateOnEach([String], Int)
        /// The owners give back what they have; nil for one who has nothing.
        case release(String, on: String, String?)
        /// How many addresses are in use in each block in use.
        case usage(of: String, [Int])
        /// How many blocks hosts have that tenants use.
        case blocksInUse(Int)
        /// A host comes with labels and is placed in groups, by network; nil where it is refused.
        case add(String, [String: String], [String: String]?)
        case remove(String)
        /// How many hosts are in each leaf of a network.
        case residents(of: String, [Int])
        case blackOut(String, isFine: Bool)
        case endBlackout(String, isFine: Bool)
        /// Another document takes the place of the one in force, or words of the error.
        case post(String, refusedFor: [String] = [])
    }

    var name: String
    var document: String
    var steps: [Step]

    var testDescription: String { name }

    /// Runs the steps, in another document if one is given.
    func run(in other: String? = nil) throws {
        var cluster = try ClusterModel(other ?? document)
        for (index, step) in steps.enumerated() {
            let place = Comment(rawValue: "\(name), step \(index + 1): \(step)")
            try perform(step, on: &cluster, place)
        }
    }

    private func perform(_ step: Step, on cluster: inout ClusterModel, _ place: Comment) throws {
        switch step {
        case .allocate(let owner, let host, let tenant, let segment, let address):
            let given = try? cluster.allocate(owner, on: host, tenant, segment)
            #expect(given == address, place)
        case .allocateOnEach(let hosts, let count):
            for index in 0..<count {
                let host = hosts[index % hosts.count]
                let given = try? cluster.allocate("pod-\(index)", on: host)
                #expect(given != nil, place)
            }
        case .release(let owner, let host, let address):
            let gone = cluster.release(owner, on: host)
            #expect(gone.first?.description == address, place)
        case .usage(let host, let counts):
            #expect(cluster.usage(of: host) == counts, place)
        case .blocksInUse(let count):
            #expect(cluster.nodes.values.flatMap(\.records).count { $0.isTagged } == count, place)
        case .add(let name, let tags, let groups):
            let host = try Documents.host(name, tags, address: "10.9.\(cluster.hosts.count).1")
            if let groups {
                try cluster.add(host)
                #expect(cluster.hosts[name]?.groups.mapValues(\.path) == groups, place)
                #expect(cluster.hosts[name]?.agentPort == 9604, place)
            } else {
                #expect(throws: TopologyError.self, place) { try cluster.add(host) }
            }
        case .remove(let name): cluster.remove(name)
        case .residents(let network, let counts):
            let leaves = cluster.document.tree(of: network)?.leaves ?? []
            #expect(leaves.map { cluster.placement.hosts(in: $0.path, of: network) } == counts, place)
        case .blackOut(let text, let isFine):
            let cidr = try IPPrefix(parsing: text)
            let done: Void? = try? cluster.add(blackout: cidr)
            #expect((done != nil) == isFine, place)
        case .endBlackout(let text, let isFine):
            let cidr = try IPPrefix(parsing: text)
            let done: Void? = try? cluster.remove(blackout: cidr)
            #expect((done != nil) == isFine, place)
        case .post(let json, let words):
            guard !words.isEmpty else {
                _ = try cluster.post(Documents.read(json))
                return
            }
            let error = #expect(throws: TopologyError.self, place) { try cluster.post(Documents.read(json)) }
            for word in words { #expect(error?.description.contains(word) == true, place) }
        }
    }
}
