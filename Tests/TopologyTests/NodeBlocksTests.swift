import Addresses
import Testing
import Topology

/// Shared by the tests of a node's blocks.
enum Sample {
    static func prefix(_ text: String) throws -> IPPrefix { try IPPrefix(parsing: text) }

    static func network(
        _ name: String, _ cidr: String, mask: Int, tenants: [String] = [], blackouts: [String] = []
    ) throws -> Network {
        try Network(
            name: name, cidr: prefix(cidr), blockMask: mask, tenants: tenants, blackouts: blackouts.map(prefix))
    }

    static func block(_ cidr: String, _ network: String = "a") throws -> BlockRecord {
        try BlockRecord(cidr: prefix(cidr), network: network, group: "g", groupCIDR: prefix(cidr), host: "h")
    }

    /// A node with one network `a` for all and the blocks named.
    static func node(cooldown: UInt64 = 0, _ cidrs: String...) throws -> NodeBlocks {
        var node = NodeBlocks(cooldown: cooldown)
        node.setNetworks([try network("a", "10.0.0.0/8", mask: 30)])
        for cidr in cidrs { node.addBlock(try block(cidr)) }
        return node
    }
}

extension NodeBlocks {
    /// Allocates for tenant t, segment s and gives the texts of the addresses.
    mutating func give(_ owner: String, _ tenant: String = "t", _ segment: String = "s", now: UInt64 = 0) throws
        -> [String]
    {
        try allocate(owner: owner, tenant: tenant, segment: segment, now: now).map(\.address.description)
    }
}

@Suite("addresses of a node")
struct NodeBlocksTests {
    @Test("the lowest address comes first, network and broadcast addresses included")
    func givesLowest() throws {
        var node = try Sample.node("10.0.0.0/30", "10.0.0.4/30")
        for (index, address) in ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"].enumerated() {
            #expect(try node.give("p\(index)") == [address])
        }
        #expect(node.records.map(\.allocated) == [4, 1])
    }

    @Test("without a cool-down a released address is given again at once, the lowest first")
    func reusesAtOnce() throws {
        var node = try Sample.node("10.0.0.0/30", "10.0.0.4/30")
        for index in 0..<6 { _ = try node.give("p\(index)") }
        #expect(node.release(owner: "p3", now: 1).map(\.description) == ["10.0.0.3"])
        #expect(node.release(owner: "p2", now: 1).map(\.description) == ["10.0.0.2"])
        #expect(try node.give("q", now: 1) == ["10.0.0.2"])
        #expect(try node.give("r", now: 1) == ["10.0.0.3"])
        #expect(node.release(owner: "unknown", now: 1).isEmpty)
    }

    @Test("the same owner gets the same again")
    func repeats() throws {
        var node = try Sample.node("10.0.0.0/30")
        let first = try node.allocate(owner: "p", tenant: "t", segment: "s", now: 0)
        #expect(try node.allocate(owner: "p", tenant: "t", segment: "s", now: 9) == first)
        #expect(
            first == [
                Allocation(
                    address: try IPAddress(parsing: "10.0.0.0"), block: try Sample.prefix("10.0.0.0/30"), network: "a")
            ])
        #expect(node.statistics.allocations == 1 && node.statistics.used == 1)
    }

    @Test("each tenant and segment has blocks of its own")
    func separatesTenancies() throws {
        var node = try Sample.node("10.0.0.0/30", "10.0.0.4/30", "10.0.0.8/30")
        #expect(try node.give("p", "t", "one") == ["10.0.0.0"])
        #expect(try node.give("q", "t", "two") == ["10.0.0.4"])
        #expect(try node.give("r", "u", "one") == ["10.0.0.8"])
        #expect(try node.give("s", "t", "one") == ["10.0.0.1"])
        #expect(node.records.map(\.tenant) == ["t", "t", "u"])
        #expect(node.records.map(\.segment) == ["one", "two", "one"])
    }

    @Test("no tenant and no segment are a tenancy like any other")
    func allowsEmptyTenancy() throws {
        var node = try Sample.node("10.0.0.0/31", "10.0.0.2/31")
        for address in ["10.0.0.0", "10.0.0.1", "10.0.0.2"] { #expect(try node.give(address, "", "") == [address]) }
        #expect(node.wants().count == 1)
        for address in ["10.0.0.0", "10.0.0.1"] { _ = node.release(owner: address, now: 0) }
        #expect(node.wants().isEmpty)
        #expect(try node.give("p", "t") == ["10.0.0.0"])
        #expect(try node.give("q", "", "") == ["10.0.0.3"])
    }

    @Test("a released address stays unused for the cool-down while there is another")
    func coolsDown() throws {
        var node = try Sample.node(cooldown: 30, "10.0.0.0/30")
        #expect(try node.give("p", now: 100) == ["10.0.0.0"])
        #expect(try node.give("q", now: 100) == ["10.0.0.1"])
        _ = node.release(owner: "p", now: 100)
        #expect(try node.give("r", now: 129) == ["10.0.0.2"])
        #expect(try node.give("s", now: 130) == ["10.0.0.0"])
        #expect(node.statistics.warm == 0)
    }

    @Test("a spare block is taken before a warm address, and the longest idle of the warm ones last")
    func prefersSpareToWarm() throws {
        var node = try Sample.node(cooldown: 30, "10.0.0.0/31", "10.0.0.2/31")
        for owner in ["p", "q"] { _ = try node.give(owner, now: 100) }
        _ = node.release(owner: "q", now: 101)
        #expect(try node.give("r", now: 102) == ["10.0.0.2"])
        #expect(try node.give("s", now: 102) == ["10.0.0.3"])
        _ = node.release(owner: "p", now: 103)
        #expect(try node.give("u", now: 104) == ["10.0.0.1"])
        #expect(try node.give("v", now: 104) == ["10.0.0.0"])
        #expect(node.statistics.warm == 2)
    }

    @Test("sharing another's block beats failing the pod, and asks for more blocks")
    func shares() throws {
        var node = try Sample.node("10.0.0.0/30", "10.0.0.4/30")
        for (owner, tenant) in [("p", "t"), ("q", "u"), ("q2", "u")] { _ = try node.give(owner, tenant) }
        // Tenant t's block has more room.
        #expect(try node.give("r", "v") == ["10.0.0.1"])
        #expect(node.statistics.shared == 1)
        #expect(node.records.map(\.tenant) == ["t", "u"])
        #expect(node.wants() == [BlockWant(family: .ipv4, network: "a", count: 2)])
        node.addBlock(try Sample.block("10.0.0.8/30"))
        #expect(node.wants().isEmpty)
        #expect(try node.give("s", "v") == ["10.0.0.8"])
    }

    @Test("a node that is full says so, and gives nothing of the other family")
    func isFull() throws {
        var node = try Sample.node("10.0.0.0/31")
        node.setNetworks([
            try Sample.network("a", "10.0.0.0/8", mask: 31), try Sample.network("six", "fd00::/64", mask: 122),
        ])
        let error = #expect(throws: AllocationError.self) { try node.give("p") }
        #expect(error?.description == "allocate an ipv6 address for t/s: this node has no address left in network six")
        #expect(node.statistics.used == 0 && node.records.map(\.allocated) == [0])
        node.addBlock(try Sample.block("fd00::40/122", "six"))
        #expect(try node.give("p") == ["10.0.0.0", "fd00::40"])
        #expect(try node.give("q") == ["10.0.0.1", "fd00::41"])
        #expect(throws: AllocationError.noAddress(family: .ipv4, tenant: "t", segment: "s", networks: ["a"])) {
            try node.give("r")
        }
        #expect(node.statistics.failures == 2)
        #expect(node.release(owner: "p", now: 0).map(\.description) == ["10.0.0.0", "fd00::40"])
        #expect(try node.give("r") == ["10.0.0.0", "fd00::40"])
    }

    @Test("networks that name the tenant come first, then those for all")
    func ordersNetworks() throws {
        var node = NodeBlocks(cooldown: 0)
        #expect(throws: AllocationError.noNetwork(tenant: "t")) { try node.give("p") }
        node.setNetworks([
            try Sample.network("all", "10.0.0.0/16", mask: 31),
            try Sample.network("other", "10.1.0.0/16", mask: 31, tenants: ["u"]),
            try Sample.network("own", "10.2.0.0/16", mask: 31, tenants: ["t", "v"]),
        ])
        node.setBlocks([
            try Sample.block("10.0.0.0/31", "all"), try Sample.block("10.1.0.0/31", "other"),
            try Sample.block("10.2.0.0/31", "own"),
        ])
        #expect(try node.give("p") == ["10.2.0.0"])
        #expect(try node.give("q") == ["10.2.0.1"])
        #expect(try node.give("r") == ["10.0.0.0"])
        #expect(try node.give("s", "w") == ["10.0.0.1"])
        #expect(throws: AllocationError.self) { try node.give("x", "w") }
    }

    @Test("blacked-out addresses are never given, and are again when the blackout ends")
    func skipsBlackouts() throws {
        var node = NodeBlocks(cooldown: 0)
        let open = try Sample.network("a", "10.0.0.0/29", mask: 30)
        node.addBlock(try Sample.block("10.0.0.0/30"))
        node.setNetworks([try Sample.network("a", "10.0.0.0/29", mask: 30, blackouts: ["10.0.0.0/31"])])
        #expect(try node.give("p") == ["10.0.0.2"])
        #expect(try node.give("q") == ["10.0.0.3"])
        #expect(throws: AllocationError.self) { try node.give("r") }
        _ = node.release(owner: "q", now: 1)
        node.setNetworks([open])
        #expect(try node.give("r", now: 1) == ["10.0.0.0"])
        node.setNetworks([try Sample.network("a", "10.0.0.0/29", mask: 30, blackouts: ["10.0.0.0/30"])])
        #expect(throws: AllocationError.self) { try node.give("s", now: 1) }
        #expect(node.allocations(of: "r").map(\.address.description) == ["10.0.0.0"])
        #expect(node.statistics.idle == 0)
    }

    @Test("blocks wider than a pool give their first addresses and keep the claims beyond")
    func capsWideBlocks() throws {
        var node = NodeBlocks(cooldown: 0)
        node.setNetworks([try Sample.network("six", "fd00::/48", mask: 64)])
        node.addBlock(try Sample.block("fd00::/64", "six"))
        #expect(
            node.claim(owner: "far", address: try IPAddress(parsing: "fd00::ffff:0:0"), tenant: "t", segment: "s")
                == true)
        #expect(try node.give("p") == ["fd00::"])
        #expect(node.records.map(\.allocated) == [2])
        #expect(node.statistics.idle == 65_535)
        #expect(node.release(owner: "far", now: 0).count == 1)
        #expect(node.records.map(\.allocated) == [1])
    }
}
