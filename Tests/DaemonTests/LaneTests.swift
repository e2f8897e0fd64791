import Addresses
import Testing
import Topology

@testable import Daemon

@Suite struct LaneTests {
    private func network(_ cidr: String) throws -> Network {
        try Network(name: "net", cidr: #require(IPPrefix(cidr)), blockMask: 29)
    }

    @Test func everyDaemonHasALaneOfItsOwn() {
        let daemons: Set = ["b:1", "a:1", "c:1"]
        #expect(Lane(of: "a:1", among: daemons) == Lane(of: "a:1", among: ["a:1", "b:1", "c:1"]))
        #expect(Set(daemons.map { Lane(of: $0, among: daemons)?.index }) == [0, 1, 2])
        #expect(Lane(of: "a:1", among: ["a:1"]) == nil && Lane(of: "d:1", among: daemons) == nil)
    }

    @Test(arguments: ["10.0.0.0/12", "10.0.0.0/22", "10.0.0.0/27"]) func lanesDoNotMeetAndCoverTheGroup(
        _ cidr: String
    ) throws {
        let network = try network(cidr)
        let daemons: Set = ["a", "b", "c"]
        let lanes = daemons.compactMap { Lane(of: $0, among: daemons) }
        var space = BlockSpace()
        var found: Set<IPPrefix> = []
        let most = 1 << min(29 - network.cidr.length, 10)
        for _ in 0..<most {
            let chosen = lanes.map { space.free(1, in: network.cidr, of: network, $0) }
            #expect(Set(chosen.joined()).count == chosen.joined().count)
            for block in chosen.joined() {
                space.take(block)
                #expect(found.insert(block).inserted)
            }
        }
        if network.cidr.length > 19 { #expect(found.count == 1 << (29 - network.cidr.length)) }
        if network.cidr.length > 19 {
            #expect(lanes.allSatisfy { space.free(1, in: network.cidr, of: network, $0).isEmpty })
        }
    }

    @Test func aGroupOfOneBlockHasNoLanes() throws {
        let network = try network("10.0.0.0/29")
        let lane = try #require(Lane(of: "a", among: ["a", "b"]))
        #expect(BlockSpace().free(1, in: network.cidr, of: network, lane).isEmpty)
    }

    @Test func daemonsThatContendTakeToTheirLanes() async throws {
        let store = MemoryStore(delay: .milliseconds(1), lag: .milliseconds(3))
        try await withClusters(3, on: store, topology: Documents.eight, areListed: true) { clusters in
            for index in 0..<30 { _ = try await clusters[0].register(.plain("n\(index)", "192.168.0.\(index + 1)")) }
            for cluster in clusters { await cluster.mirror.wait(atMost: .seconds(5)) { $0.hosts.count == 30 } }
            let granted = try await withThrowingTaskGroup(of: [String].self) { group in
                for index in 0..<600 {
                    group.addTask {
                        let request = GrantRequest(network: "net", request: "r\(index / 30)")
                        return try await clusters[index % 3].grant(request, to: "n\(index % 30)").texts
                    }
                }
                return try await group.reduce(into: [String]()) { $0 += $1 }
            }
            #expect(granted.count == 600 && Set(granted).count == 600)
            #expect(clusters.contains { $0.contention.isRecent })
        }
    }
}
