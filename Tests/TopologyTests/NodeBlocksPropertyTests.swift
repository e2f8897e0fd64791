import Addresses
import SeededRandom
import Testing
import Topology

@Suite("a node's blocks after any history")
struct NodeBlocksPropertyTests {
    /// What a plain model knows beside the real thing.
    private struct Model {
        var held: [String: [IPAddress]] = [:]
        var released: [IPAddress: UInt64] = [:]
        var blocks: [IPPrefix: String] = [:]
        /// What a reader of etcd sees.
        var written: [IPPrefix: BlockRecord] = [:]
    }

    static let networks =
        [
            ("all4", "10.0.0.0/24", 29, []), ("own4", "10.1.0.0/24", 30, ["t0", "t1"]), ("all6", "fd00::/112", 126, []),
        ] as [(String, String, Int, [String])]

    @Test("no address is given twice, the cool-down holds, counts agree", arguments: UInt64(1)...9)
    func keepsInvariants(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let cooldown: UInt64 = seed % 3 == 0 ? 0 : 50
        let networks = try Self.networks.map { try Sample.network($0.0, $0.1, mask: $0.2, tenants: $0.3) }
        var node = NodeBlocks(cooldown: cooldown)
        node.setNetworks(networks)
        var model = Model()
        var now: UInt64 = 1_000
        for step in 0..<500 {
            now += UInt64.random(in: 0...5, using: &random)
            switch Int.random(in: 0..<20, using: &random) {
            case 0...8: try allocate(&node, &model, now, &random)
            case 9...15: release(&node, &model, now, &random)
            case 16: try grant(&node, &model, networks, &random)
            case 17: giveBack(&node, &model, now)
            case 18: if step % 7 == 0 { try restart(&node, model, networks, cooldown, now) }
            default: for record in node.takeDirtyBlocks() { model.written[record.cidr] = record }
            }
            if step % 10 == 0 { check(node, model) }
        }
        for record in node.takeDirtyBlocks() { model.written[record.cidr] = record }
        #expect(node.records == model.written.values.sorted { $0.cidr < $1.cidr })
        for owner in model.held.keys { _ = node.release(owner: owner, now: now) }
        #expect(node.statistics.used == 0 && node.records.allSatisfy { $0.allocated == 0 && !$0.isTagged })
    }

    private func allocate(
        _ node: inout NodeBlocks, _ model: inout Model, _ now: UInt64, _ random: inout SeededGenerator
    ) throws {
        let owner = "p\(Int.random(in: 0..<60, using: &random))"
        let tenant = "t\(Int.random(in: 0..<4, using: &random))"
        let warm = node.statistics.warm
        guard let given = try? node.allocate(owner: owner, tenant: tenant, segment: "s", now: now) else { return }
        if let held = model.held[owner] {
            #expect(given.map(\.address) == held)
            return
        }
        #expect(given.map(\.address.family) == [.ipv4, .ipv6])
        for allocation in given {
            #expect(!model.held.values.joined().contains(allocation.address))
            #expect(
                allocation.block.contains(allocation.address) && model.blocks[allocation.block] == allocation.network)
            if node.statistics.warm == warm, let released = model.released[allocation.address] {
                #expect(now - released >= node.cooldown)
            }
        }
        model.held[owner] = given.map(\.address)
    }

    private func release(
        _ node: inout NodeBlocks, _ model: inout Model, _ now: UInt64, _ random: inout SeededGenerator
    ) {
        let owner = "p\(Int.random(in: 0..<60, using: &random))"
        let addresses = node.release(owner: owner, now: now)
        #expect(addresses == model.held[owner] ?? [])
        for address in addresses { model.released[address] = now }
        model.held[owner] = nil
    }

    private func grant(
        _ node: inout NodeBlocks, _ model: inout Model, _ networks: [Network], _ random: inout SeededGenerator
    ) throws {
        for want in node.wants() where Bool.random(using: &random) {
            let network = try #require(networks.first { $0.name == want.network })
            for index in UInt128(0)..<12 {
                let cidr = try #require(network.cidr.subprefix(index, length: network.blockMask))
                guard model.blocks[cidr] == nil else { continue }
                #expect(node.addBlock(record(cidr, network.name)) == true)
                model.blocks[cidr] = network.name
                model.written[cidr] = record(cidr, network.name)
                // A block that comes anew may have been anybody's: its old times mean nothing.
                model.released = model.released.filter { !cidr.contains($0.key) }
                break
            }
        }
    }

    private func giveBack(_ node: inout NodeBlocks, _ model: inout Model, _ now: UInt64) {
        for cidr in node.surplus(now: now) {
            #expect(!model.held.values.joined().contains { cidr.contains($0) })
            node.removeBlock(cidr)
            model.blocks[cidr] = nil
            model.written[cidr] = nil
        }
    }

    /// A new node with the same claims, before or after it learns of its blocks.
    private func restart(
        _ node: inout NodeBlocks, _ model: Model, _ networks: [Network], _ cooldown: UInt64, _ now: UInt64
    ) throws {
        let records = node.records
        let old = node
        node = NodeBlocks(cooldown: cooldown)
        for (owner, addresses) in model.held {
            for address in addresses {
                #expect(node.claim(owner: owner, address: address, tenant: "t", segment: "s") == true)
            }
        }
        #expect(node.statistics.strays == model.held.values.joined().count)
        node.setNetworks(networks)
        node.setBlocks(records)
        #expect(node.statistics.strays == 0)
        #expect(node.records == records)
        // Go on with the one that remembers what cools down.
        node = old
    }

    private func check(_ node: NodeBlocks, _ model: Model) {
        #expect(node.statistics.used == model.held.values.joined().count)
        #expect(Set(node.records.map(\.cidr)) == Set(model.blocks.keys))
        let wrong = node.records.filter { record in
            let held = model.held.values.joined().filter { record.cidr.contains($0) }.count
            return record.allocated != held || record.isTagged != (held > 0)
        }
        #expect(wrong.isEmpty)
        let statistics = node.statistics
        let capacity = model.blocks.keys.reduce(0) { $0 + Int($1.count) }
        #expect(statistics.used + statistics.idle + statistics.cooling == capacity)
    }

    private func record(_ cidr: IPPrefix, _ network: String) -> BlockRecord {
        BlockRecord(cidr: cidr, network: network, group: "g", groupCIDR: cidr, host: "h")
    }
}
