import Addresses
import Benchmark
import Topology

/// The node's choice of addresses: what an ADD and a DEL ask of it.
func addressManagement() {
    /// A node's blocks, half of their addresses given out.
    func halfFull(mask: Int, blocks count: UInt128) -> NodeBlocks? {
        guard let cidr = IPPrefix("10.112.0.0/12"), let network = try? Network(name: "n", cidr: cidr, blockMask: mask)
        else { return nil }
        var blocks = NodeBlocks(cooldown: 30_000_000_000)
        blocks.setNetworks([network])
        for index in 0..<count {
            guard let prefix = cidr.subprefix(index, length: mask) else { return nil }
            blocks.addBlock(BlockRecord(cidr: prefix, network: "n", group: "rack-1", groupCIDR: cidr, host: "node"))
        }
        let addresses = Int(count) << (32 - mask)
        for number in 0..<addresses / 2 {
            guard
                (try? blocks.allocate(owner: "pod-\(number)", tenant: "default", segment: "default", now: 0)) != nil
            else { return nil }
        }
        return blocks
    }

    for (title, mask, count) in [("one /24", 24, UInt128(1)), ("32 /29", 29, 32), ("1,024 /29", 29, 1024)] {
        var blocks: NodeBlocks?
        var now: UInt64 = 0
        Benchmark(
            "IPAM: give an address and take it back, \(title) half full",
            closure: { benchmark in
                for round in benchmark.scaledIterations {
                    now += 1_000_000
                    let owner = "new-\(round)"
                    blackHole(try blocks?.allocate(owner: owner, tenant: "default", segment: "default", now: now))
                    blackHole(blocks?.release(owner: owner, now: now))
                }
            }, setup: { blocks = halfFull(mask: mask, blocks: count) })
    }
    var blocks: NodeBlocks?
    Benchmark(
        "IPAM: what to ask for, 1,024 blocks",
        closure: { benchmark in
            for _ in benchmark.scaledIterations { blackHole(blocks?.wants()) }
        }, setup: { blocks = halfFull(mask: 29, blocks: 1024) })
}
