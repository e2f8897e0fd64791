import Addresses
import Testing
import Topology

@Suite("blocks of a node")
struct NodeBlocksSupplyTests {
    @Test("every network has a wholly free block ahead of need")
    func wantsSpares() throws {
        var node = NodeBlocks(cooldown: 30)
        #expect(node.wants().isEmpty)
        node.setNetworks([
            try Sample.network("a", "10.0.0.0/16", mask: 31), try Sample.network("six", "fd00::/64", mask: 122),
        ])
        #expect(
            node.wants() == [
                BlockWant(family: .ipv4, network: "a", count: 1), BlockWant(family: .ipv6, network: "six", count: 1),
            ])
        node.setBlocks([try Sample.block("10.0.0.0/31"), try Sample.block("fd00::/122", "six")])
        #expect(node.wants().isEmpty)
        _ = try node.give("p", now: 0)
        #expect(node.wants().map(\.network) == ["a", "six"])
        // A block that has to cool down first is no spare.
        _ = node.release(owner: "p", now: 10)
        #expect(node.wants().map(\.network) == ["a", "six"])
        #expect(node.surplus(now: 40).isEmpty)
        #expect(node.wants().isEmpty)
    }

    @Test("more spares can be asked for")
    func wantsMoreSpares() throws {
        var node = NodeBlocks(cooldown: 0, spares: 3)
        node.setNetworks([try Sample.network("a", "10.0.0.0/16", mask: 31)])
        node.addBlock(try Sample.block("10.0.0.0/31"))
        #expect(node.wants() == [BlockWant(family: .ipv4, network: "a", count: 2)])
    }

    @Test("a block goes back when it was idle beyond the spares on two looks, the highest first")
    func givesBack() throws {
        var node = try Sample.node(cooldown: 30, "10.0.0.0/30", "10.0.0.4/30", "10.0.0.8/30")
        for (owner, tenant) in [("p", "t"), ("q", "u"), ("r", "v")] { _ = try node.give(owner, tenant, now: 0) }
        for owner in ["p", "q", "r"] { _ = node.release(owner: owner, now: 100) }
        #expect(node.surplus(now: 129).isEmpty)
        #expect(node.surplus(now: 130).isEmpty)
        #expect(try node.give("s", now: 131) == ["10.0.0.0"])
        #expect(node.surplus(now: 131) == [try Sample.prefix("10.0.0.8/30")])
        node.removeBlock(try Sample.prefix("10.0.0.8/30"))
        #expect(node.surplus(now: 132).isEmpty)
        #expect(node.surplus(now: 133).isEmpty)
        #expect(node.wants().isEmpty)
    }

    @Test("a look at a block in use starts the count anew")
    func countsSightingsInARow() throws {
        var node = try Sample.node("10.0.0.0/30", "10.0.0.4/30")
        #expect(node.surplus(now: 1).isEmpty)
        for index in 0..<5 { _ = try node.give("p\(index)", now: 1) }
        #expect(node.surplus(now: 2).isEmpty)
        for index in 0..<5 { _ = node.release(owner: "p\(index)", now: 2) }
        #expect(node.surplus(now: 3).isEmpty)
        #expect(node.surplus(now: 4) == [try Sample.prefix("10.0.0.4/30")])
    }

    @Test("blocks of a network that is gone go back, all of them")
    func givesBackOfGoneNetworks() throws {
        var node = try Sample.node("10.0.0.0/30", "10.0.0.4/30")
        _ = try node.give("p")
        node.setNetworks([])
        #expect(throws: AllocationError.self) { try node.give("q") }
        _ = node.release(owner: "p", now: 1)
        _ = node.surplus(now: 2)
        #expect(node.surplus(now: 3).count == 2)
        #expect(node.wants().isEmpty)
    }

    @Test("tags and counts that changed are told once")
    func tellsChanges() throws {
        var node = try Sample.node("10.0.0.0/30", "10.0.0.4/30")
        #expect(node.takeDirtyBlocks().isEmpty)
        _ = try node.give("p")
        _ = try node.give("q")
        let changed = node.takeDirtyBlocks()
        #expect(changed.map(\.cidr.description) == ["10.0.0.0/30"])
        #expect(changed.map(\.allocated) == [2] && changed.map(\.tenant) == ["t"] && changed.map(\.segment) == ["s"])
        #expect(node.takeDirtyBlocks().isEmpty)
        _ = node.release(owner: "p", now: 0)
        _ = node.release(owner: "q", now: 0)
        #expect(node.takeDirtyBlocks() == [try Sample.block("10.0.0.0/30")])
        node.markDirty([try Sample.prefix("10.0.0.4/30"), try Sample.prefix("10.9.0.0/30")])
        #expect(node.takeDirtyBlocks().map(\.cidr.description) == ["10.0.0.4/30"])
    }

    @Test("the node knows better than the record what it uses")
    func correctsRecords() throws {
        var node = try Sample.node()
        var stale = try Sample.block("10.0.0.0/30")
        stale.tenant = "t"
        stale.segment = "s"
        stale.allocated = 3
        node.addBlock(stale)
        #expect(node.takeDirtyBlocks() == [try Sample.block("10.0.0.0/30")])
        _ = try node.give("p", "u")
        _ = node.takeDirtyBlocks()
        node.addBlock(stale)
        #expect(node.takeDirtyBlocks().map(\.tenant) == ["u"])
        if let own = node.records.first { node.addBlock(own) }
        #expect(node.takeDirtyBlocks().isEmpty)
    }

    @Test("a block whose network was renamed serves the new network")
    func movesBlocks() throws {
        var node = try Sample.node("10.0.0.0/30", "10.0.0.4/30")
        _ = try node.give("p")
        node.setNetworks([try Sample.network("b", "10.0.0.0/8", mask: 30)])
        for cidr in ["10.0.0.0/30", "10.0.0.4/30"] { node.addBlock(try Sample.block(cidr, "b")) }
        #expect(try node.give("q") == ["10.0.0.1"])
        #expect(node.allocations(of: "p").map(\.network) == ["b"])
    }

    @Test("claims after a restart find their block whichever comes first", arguments: [true, false])
    func claims(isBlockFirst: Bool) throws {
        var node = NodeBlocks(cooldown: 0)
        let network = try Sample.network("a", "10.0.0.0/8", mask: 30)
        let address = try IPAddress(parsing: "10.0.0.1")
        var record = try Sample.block("10.0.0.0/30")
        (record.tenant, record.segment, record.allocated) = ("t", "s", 1)
        if isBlockFirst {
            node.setNetworks([network])
            node.setBlocks([record])
        }
        #expect(node.claim(owner: "p", address: address, tenant: "t", segment: "s") == true)
        #expect(node.claim(owner: "p", address: address, tenant: "t", segment: "s") == true)
        #expect(node.claim(owner: "thief", address: address, tenant: "t", segment: "s") == false)
        if !isBlockFirst {
            #expect(node.allocations(of: "p").map(\.block) == [address.hostPrefix])
            #expect(node.statistics.strays == 1)
            node.setNetworks([network])
            node.setBlocks([record])
            #expect(node.takeDirtyBlocks().isEmpty)
        }
        #expect(node.statistics.strays == 0)
        #expect(node.allocations(of: "p").map(\.block) == [record.cidr])
        #expect(node.records == [record])
        #expect(try node.give("p") == ["10.0.0.1"])
        #expect(try node.give("q") == ["10.0.0.0"])
        #expect(try node.give("r") == ["10.0.0.2"])
    }

    @Test("a block that is taken away in use loses no address, and finds them when it returns")
    func keepsAddresses() throws {
        var node = try Sample.node("10.0.0.0/30", "10.0.0.4/30")
        _ = try node.give("p")
        _ = try node.give("q")
        node.setBlocks([try Sample.block("10.0.0.4/30")])
        #expect(node.statistics.strays == 2)
        #expect(try node.give("p") == ["10.0.0.0"])
        #expect(try node.give("r") == ["10.0.0.4"])
        #expect(node.release(owner: "q", now: 0).map(\.description) == ["10.0.0.1"])
        node.setBlocks([try Sample.block("10.0.0.0/30"), try Sample.block("10.0.0.4/30")])
        #expect(node.statistics.strays == 0)
        #expect(node.records.map(\.allocated) == [1, 1])
        #expect(node.allocations(of: "p").map(\.network) == ["a"])
        #expect(try node.give("s") == ["10.0.0.5"])
    }

    @Test("a stray that is released before its block is known leaves nothing behind")
    func releasesStrays() throws {
        var node = try Sample.node()
        node.claim(owner: "p", address: try IPAddress(parsing: "10.0.0.1"), tenant: "t", segment: "s")
        #expect(node.release(owner: "p", now: 0).count == 1)
        node.addBlock(try Sample.block("10.0.0.0/30"))
        #expect(node.records.map(\.allocated) == [0] && node.statistics.used == 0)
    }

    @Test("a block that overlaps another is refused")
    func refusesOverlaps() throws {
        var node = try Sample.node("10.0.0.0/30")
        #expect(node.addBlock(try Sample.block("10.0.0.0/29")) == false)
        #expect(node.addBlock(try Sample.block("10.0.0.2/31")) == false)
        #expect(node.records.count == 1)
        node.setBlocks([try Sample.block("10.0.0.0/29")])
        #expect(node.records.map(\.cidr.description) == ["10.0.0.0/29"])
    }
}
