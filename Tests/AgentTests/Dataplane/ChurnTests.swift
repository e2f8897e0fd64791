import CNIProtocol
import TestSupport
import Testing
import Topology

@testable import Agent

@Suite struct ChurnTests {
    /// Pods come and go, the agent dies and learns blocks and networks in either order; afterwards all books agree.
    @Test(arguments: 0..<8) func booksAgreeAfterAnyHistory(seed: Int) throws {
        let networks = ["10.1.0.0/16", "fd00::/64"]
        var blocks = ["10.1.0.0/29", "fd00::/125"]
        let bed = try DataplaneBed(networks: networks, blocks: blocks, cooldown: 5_000_000_000)
        var random = SystemRandomNumberGenerator()
        var present: Set<String> = []
        for step in 0..<300 {
            bed.now += UInt64.random(in: 1...2_000_000_000, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5 where present.count < 60:
                let name = "c\(step)"
                let answer = try bed.call(.add, name)
                if answer?.status == 0 {
                    present.insert(name)
                } else {
                    // No address: a block of each network comes, as if the daemon had granted it.
                    bed.dataplane.waiting = []
                    blocks += [
                        "10.1.0.\(8 * (blocks.count / 2))/29", "fd00::\(String(8 * (blocks.count / 2), radix: 16))/125",
                    ]
                    bed.learn(networks: networks, blocks: blocks)
                }
            case 5..<8:
                guard let name = present.randomElement(using: &random) else { continue }
                present.remove(name)
                #expect(try bed.call(.del, name)?.status == 0)
            case 8:
                try bed.restart(blocks: blocks, networks: networks, blocksFirst: Bool.random(using: &random))
            default:
                try bed.reap()
            }
            let counted = bed.dataplane.blocks.records.reduce(0) { $0 + $1.allocated }
            try #require(counted == 2 * present.count, "step \(step)")
            try #require(bed.dataplane.attachments.count == present.count)
            let addresses = bed.dataplane.attachments.values.flatMap(\.addresses).map(\.address)
            try #require(Set(addresses).count == addresses.count)
        }
    }
}
