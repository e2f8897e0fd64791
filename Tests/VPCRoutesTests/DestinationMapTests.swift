import Addresses
import SeededRandom
import Testing
import Topology

@testable import VPCRoutes

/// A prefix that a test writes out.
func prefix(_ text: String) throws -> IPPrefix { try #require(IPPrefix(text), "\(text)") }

@Suite("Where routes are to lead")
struct DestinationMapTests {
    /// A host in groups `NETWORK PATH CIDR`.
    static func host(_ name: String, _ groups: String...) throws -> HostRecord {
        var record = HostRecord(name: name, addresses: [])
        for group in groups {
            let words = group.split(separator: " ").map(String.init)
            record.groups[words[0]] = HostGroup(path: words[1], cidr: try prefix(words[2]))
        }
        return record
    }

    static func block(_ cidr: String, of host: String, in network: String = "net") throws -> BlockRecord {
        let cidr = try prefix(cidr)
        return BlockRecord(cidr: cidr, network: network, group: "", groupCIDR: cidr, host: host)
    }

    /// A rack of two hosts on one subnet, a rack of one on another, and an IPv6 network that one of them is part of.
    static func map() throws -> DestinationMap {
        var map = DestinationMap()
        map.setHost("a1", try host("a1", "net a 10.1.0.0/24", "six a fd01::/64"))
        map.setHost("a2", try host("a2", "net a 10.1.0.0/24"))
        map.setHost("b1", try host("b1", "net b 10.1.1.0/24"))
        map.setSubnets(["a1": "s-a", "a2": "s-a", "b1": "s-b"])
        for (cidr, name) in [("10.1.0.0/29", "a1"), ("10.1.0.8/29", "a2"), ("10.1.1.0/29", "b1")] {
            map.setBlock(try prefix(cidr), try block(cidr, of: name))
        }
        return map
    }

    static func lines(_ map: inout DestinationMap) -> [String] {
        map.destinations().map { "\($0.prefix) \($0.hosts.joined(separator: ",")) \($0.subnet ?? "-")" }
    }

    @Test("a prefix group is one destination, whatever blocks its hosts have")
    func groups() throws {
        var map = try Self.map()
        #expect(Self.lines(&map) == ["10.1.0.0/24 a1,a2 s-a", "10.1.1.0/24 b1 s-b", "fd01::/64 a1 s-a"])
        map.setBlock(try prefix("10.1.0.16/29"), try Self.block("10.1.0.16/29", of: "a1"))
        #expect(Self.lines(&map).count == 3)
    }

    @Test("tags and counts of blocks change nothing, and nothing has to be looked at again")
    func churn() throws {
        var map = try Self.map()
        _ = map.destinations()
        var block = try Self.block("10.1.0.0/29", of: "a1")
        (block.tenant, block.segment, block.allocated) = ("t", "s", 5)
        map.setBlock(block.cidr, block)
        #expect(!map.isStale)
    }

    @Test("a block that spilled out of its host's group is a destination of its own, joined with its neighbours")
    func spills() throws {
        var map = try Self.map()
        for cidr in ["10.1.1.8/29", "10.1.1.16/29", "10.1.1.24/29"] {
            map.setBlock(try prefix(cidr), try Self.block(cidr, of: "a1"))
        }
        #expect(
            Self.lines(&map) == [
                "10.1.0.0/24 a1,a2 s-a", "10.1.1.0/24 b1 s-b", "10.1.1.8/29 a1 s-a", "10.1.1.16/28 a1 s-a",
                "fd01::/64 a1 s-a",
            ])
        map.setBlock(try prefix("10.1.1.8/29"), nil)
        map.setBlock(try prefix("10.1.1.16/29"), try Self.block("10.1.1.16/29", of: "b1"))
        #expect(Self.lines(&map).filter { $0.hasPrefix("10.1.1.") } == ["10.1.1.0/24 b1 s-b", "10.1.1.24/29 a1 s-a"])
    }

    @Test("a group over several subnets leads to the subnet with most hosts; blocks of the others go by themselves")
    func scattered() throws {
        var map = try Self.map()
        map.setHost("a3", try Self.host("a3", "net a 10.1.0.0/24"))
        map.setBlock(try prefix("10.1.0.32/29"), try Self.block("10.1.0.32/29", of: "a3"))
        #expect(Self.lines(&map).count == 3, "a host of which no subnet is known is taken for one of the others")
        map.setSubnets(["a1": "s-a", "a2": "s-a", "a3": "s-x", "b1": "s-b"])
        #expect(Self.lines(&map).prefix(2) == ["10.1.0.0/24 a1,a2 s-a", "10.1.0.32/29 a3 s-x"])
        #expect(map.scatteredGroups().map(\.subnets) == [["s-a", "s-x"]])
        // The other subnet gains the majority.
        map.setHost("a4", try Self.host("a4", "net a 10.1.0.0/24"))
        map.setHost("a5", try Self.host("a5", "net a 10.1.0.0/24"))
        map.setSubnets(["a1": "s-a", "a2": "s-a", "a3": "s-x", "a4": "s-x", "a5": "s-x", "b1": "s-b"])
        #expect(
            Self.lines(&map).prefix(3) == [
                "10.1.0.0/24 a3,a4,a5 s-x", "10.1.0.0/29 a1 s-a", "10.1.0.8/29 a2 s-a",
            ])
    }

    @Test("whatever happens in whatever order, the map is the one that is made of the outcome")
    func incremental() throws {
        var random = SeededGenerator(seed: 20)
        for _ in 0..<60 {
            var map = DestinationMap()
            var hosts: [String: HostRecord] = [:]
            var blocks: [IPPrefix: BlockRecord] = [:]
            var subnets: [String: String] = [:]
            for _ in 0..<80 {
                let name = "h\(random.next() % 8)"
                switch random.next() % 6 {
                case 0, 1:
                    let group = random.next() % 4
                    hosts[name] = try Self.host(name, "net g\(group) 10.0.\(group).0/24")
                    map.setHost(name, hosts[name])
                case 2:
                    hosts[name] = nil
                    map.setHost(name, nil)
                case 3, 4:
                    let cidr = "10.0.\(random.next() % 4).\(random.next() % 8 * 8)/29"
                    let block = random.next() % 3 == 0 ? nil : try Self.block(cidr, of: name)
                    blocks[try prefix(cidr)] = block
                    map.setBlock(try prefix(cidr), block)
                default:
                    subnets[name] = random.next() % 4 == 0 ? nil : "s\(random.next() % 3)"
                    map.setSubnets(subnets)
                }
                if random.next() % 3 == 0 { _ = map.destinations() }
            }
            var other = DestinationMap()
            other.setSubnets(subnets)
            for (cidr, block) in blocks { other.setBlock(cidr, block) }
            for (name, host) in hosts { other.setHost(name, host) }
            #expect(map.destinations() == other.destinations())
        }
    }
}
