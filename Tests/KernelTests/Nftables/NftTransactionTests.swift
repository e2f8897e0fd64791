import Addresses
import LinuxSystem
import Nftables
import TestSupport
import Testing

@Suite("nf_tables in the kernel", .serialized)
struct NftTransactionTests {
    static let pods = NftSet("ingress4", key: [.ipv4Address], mapping: .verdict)
    static let members = NftSet("members4", key: [.mark, .ipv4Address])

    @Test("a table with chains, rules, sets and elements comes in one transaction and reads back")
    func table() throws {
        try FreshNamespace.run {
            let kernel = try KernelNft(table: "romana")
            #expect(try kernel.chains() == nil)
            let address = IPAddress.v4(IPv4Address(rawValue: 0x0a01_0203))
            try kernel.commit([
                .addTable, .addSet(Self.pods), .addSet(Self.members),
                .addChain(NftChain("forward", base: NftChain.Base("filter", .forward, priority: 0))),
                .addChain(NftChain("in-1", comment: "shop/db")),
                .addRule(
                    chain: "in-1",
                    NftRule(
                        .family(.ipv4), .constant(17, into: .first), [.source(.ipv4, NftRegister.first.behind(4))],
                        [.lookup(.first, set: "members4", isInverted: false), .counter, .verdict(.accept)],
                        comment: "shop/db ingress 0")),
                .addRule(
                    chain: "forward",
                    NftRule(.family(.ipv4), [.destination(.ipv4, .first), .verdictMap(.first, set: "ingress4")])),
                .addElements(Self.members, [NftElement([.mark(17), .address(address)])]),
                .addElements(Self.pods, [NftElement([.address(address)], .verdict(.goto("in-1")))]),
            ])
            #expect(try kernel.chains().map { Set($0) } == ["forward", "in-1"])
            #expect(try kernel.sets().sorted() == ["ingress4", "members4"])
            #expect(try kernel.elements(of: Self.pods) == [NftElement([.address(address)], .verdict(.goto("in-1")))])
            #expect(try kernel.elements(of: Self.members) == [NftElement([.mark(17), .address(address)])])
        }
    }

    @Test("elements are counted as they were added, more than one answer holds and ends of ranges among them")
    func counts() throws {
        try FreshNamespace.run {
            let kernel = try KernelNft(table: "romana")
            let blocks = NftSet("networks4", key: [.ipv4Address], isInterval: true)
            func address(_ number: UInt32) -> NftValue { .address(.v4(IPv4Address(rawValue: 0x0a00_0000 + number))) }
            try kernel.commit([
                .addTable, .addSet(Self.members), .addSet(blocks),
                .addElements(Self.members, (0..<4_000).map { NftElement([.mark($0 % 7), address($0)]) }),
                .addElements(
                    blocks,
                    [
                        NftElement([address(0)]), NftElement([address(256)], endsRange: true),
                        NftElement([address(1024)]), NftElement([address(1025)], endsRange: true),
                        NftElement([.address(.v4(IPv4Address(rawValue: 0xffff_ff00)))]),
                    ]),
            ])
            #expect(try kernel.elementCount(of: "members4") == 4_000)
            #expect(try kernel.elementCount(of: "networks4") == 5)
            try kernel.commit([.deleteElements(Self.members, [NftElement([.mark(3), address(3)])])])
            #expect(try kernel.elementCount(of: "members4") == 3_999)
            try kernel.commit([.flushSet("members4")])
            #expect(try kernel.elementCount(of: "members4") == 0)
        }
    }
}
