import Addresses
import Testing
import Topology

@testable import Daemon

@Suite struct TakenBlocksTests {
    private func network(_ cidr: String = "10.0.0.0/16") throws -> Network {
        try Network(name: "net", cidr: #require(IPPrefix(cidr)), blockMask: 29)
    }

    @Test func whatIsGrantedAsAWholeIsPassedInOneStep() throws {
        let network = try network()
        var taken = TakenBlocks()
        for index in 0..<8191 { taken.grant(try #require(network.cidr.subprefix(UInt128(index), length: 29))) }
        var looks = 0
        let found = BlockGrant.choose(1, in: network.cidr, of: network) { block in
            looks += 1
            return taken.obstacle(to: block)
        }
        #expect(found.map(\.description) == ["10.0.255.248/29"])
        #expect(looks < 40)
        for block in found { taken.grant(block) }
        #expect(taken.obstacle(to: try #require(IPPrefix("10.0.0.0/29"))) == network.cidr)
    }

    @Test func itAgreesWithAPlainSetOverManyChanges() throws {
        let network = try network("10.0.0.0/24")
        let blocks = (0..<32).compactMap { network.cidr.subprefix($0, length: 29) }
        var taken = TakenBlocks()
        var plain: Set<IPPrefix> = []
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let block = try #require(blocks.randomElement(using: &random))
            if plain.remove(block) == nil {
                plain.insert(block)
                taken.grant(block)
            } else {
                taken.ungrant(block)
            }
            let expected = blocks.filter { !plain.contains($0) }.prefix(3)
            let found = BlockGrant.choose(3, in: network.cidr, of: network) { taken.obstacle(to: $0) }
            #expect(found == Array(expected))
        }
    }

    @Test func aReservedBlockIsPassedOver() throws {
        let network = try network()
        let first = try #require(IPPrefix("10.0.0.0/29"))
        var taken = TakenBlocks()
        taken.reserve(first)
        taken.reserve(first)
        taken.unreserve(first)
        #expect(taken.obstacle(to: first) == first)
        taken.unreserve(first)
        #expect(taken.obstacle(to: first) == nil)
        #expect(BlockGrant.choose(1, in: network.cidr, of: network) { taken.obstacle(to: $0) } == [first])
    }

    @Test func blocksOfOtherLengthsAreSeen() throws {
        var taken = TakenBlocks()
        taken.grant(try #require(IPPrefix("10.0.0.0/28")))
        taken.grant(try #require(IPPrefix("10.0.0.18/31")))
        let network = try network()
        let found = BlockGrant.choose(1, in: network.cidr, of: network) { taken.obstacle(to: $0) }
        #expect(found.map(\.description) == ["10.0.0.24/29"])
    }
}
