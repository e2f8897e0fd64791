import Addresses
import CNIProtocol
import Nftables
import Policies
import TestSupport
import Testing

@testable import Agent

/// What somebody else does to the table.
@Suite("Tampering with the table of policies")
struct PolicyTamperingTests {
    /// A node with a pod that is isolated.
    private func bed() throws -> DataplaneBed {
        let bed = try DataplaneBed(knowsPods: true)
        bed.dataplane.take(.statements([PolicyDataplaneTests.isolation]), now: bed.now)
        bed.dataplane.take(.pods([PolicyDataplaneTests.web]), now: bed.now)
        bed.dataplane.take(.group(PolicyDataplaneTests.front.key, []), now: bed.now)
        bed.dataplane.programPolicies(now: bed.now)
        #expect(try bed.call(.add, "web")?.status == 0)
        bed.dataplane.keepUpPolicy(now: bed.now)
        return bed
    }

    @Test("what the agent itself did is not looked at: nothing is read, nothing written")
    func own() throws {
        let bed = try bed()
        let before = bed.nft.transactions.count
        let lists = bed.nft.lists
        bed.dataplane.keepUpPolicy(now: bed.now)
        #expect(bed.nft.transactions.count == before)
        #expect(bed.nft.lists == lists)
    }

    @Test(
        "rules that are gone come back",
        arguments: [PolicyObjects.toPods, PolicyObjects.fromPods, PolicyObjects.spoofing, PolicyObjects.mappedPorts])
    func frame(_ chain: String) throws {
        let bed = try bed()
        let before = bed.nft.table?.chains
        bed.nft.flush(chain)
        bed.dataplane.keepUpPolicy(now: bed.now)
        #expect(bed.nft.table?.chains == before)
    }

    @Test("those of a profile too, and the others are left alone")
    func profile() throws {
        let bed = try bed()
        let before = try #require(bed.nft.table?.chains)
        let chain = try #require(before.keys.first { $0.hasPrefix("in-") })
        bed.nft.flush(chain)
        bed.dataplane.keepUpPolicy(now: bed.now)
        #expect(bed.nft.table?.chains == before)
        let mending = try #require(bed.nft.transactions.last)
        #expect(mending.count == 2 + (before[chain]?.count ?? 0), "\(mending)")
    }
}
