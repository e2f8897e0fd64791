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

    /// The names of all sets with elements.
    private static func held(_ bed: DataplaneBed) -> [String] {
        (bed.nft.table?.sets ?? [:]).filter { !$0.value.isEmpty }.keys.sorted()
    }

    /// A node with a pod that has a port of the node, and policies with members and addresses.
    private func fullBed() throws -> DataplaneBed {
        let bed = try DataplaneBed(knowsPods: true)
        var policy = PolicyDataplaneTests.isolation
        // More than rules would be made of, and none next to another.
        let blocks = (0..<20).compactMap { IPPrefix("198.18.\($0 * 2).0/24") }
        policy.ingress?.append(.init(peers: blocks.map { .block($0, except: []) }))
        bed.dataplane.take(.statements([policy]), now: bed.now)
        bed.dataplane.take(.pods([PolicyDataplaneTests.web]), now: bed.now)
        let peers = (1...3).compactMap { IPAddress("10.9.9.\($0)") }
        bed.dataplane.take(
            .group(PolicyDataplaneTests.front.key, peers.map { GroupMember(address: $0, pod: "shop/\($0)") }),
            now: bed.now)
        bed.dataplane.programPolicies(now: bed.now)
        bed.dataplane.take(.clusterPrefixes(["10.1.0.0/16"].compactMap { IPPrefix($0) }), now: bed.now)
        let ports = #","runtimeConfig":{"portMappings":[{"hostPort":8080,"containerPort":80}]}"#
        #expect(try bed.call(.add, "web", config: ports)?.status == 0)
        bed.dataplane.keepUpPolicy(now: bed.now)
        return bed
    }

    @Test("elements that somebody takes out of a set come back")
    func takenOut() throws {
        let bed = try fullBed()
        let before = bed.nft.table?.sets
        let names = Self.held(bed)
        for name in [
            "members4", "ingress4", "egress4", "links4", "self4", "networks4", "untranslated4", "mapped-ports4",
        ] {
            #expect(names.contains(name))
        }
        #expect(names.contains { $0.hasPrefix("block-") })
        for name in names {
            bed.now += 60_000_000_000
            bed.nft.change(name) { $0.removeValue(forKey: $0.keys.first ?? []) }
            #expect(bed.nft.table?.sets != before)
            for _ in 0..<2 { bed.dataplane.keepUpPolicy(now: bed.now) }
            #expect(bed.nft.table?.sets == before, "\(name)")
        }
    }

    @Test(
        "elements that somebody puts into a set go",
        arguments: [
            ("members4", [.mark(1), .address(.v4(IPv4Address(rawValue: 1)))], .nothing),
            ("links4", [.interface(1), .address(.v4(IPv4Address(rawValue: 1)))], .nothing),
            (
                "self4",
                [.address(.v4(IPv4Address(rawValue: 1))), .address(.v4(IPv4Address(rawValue: 2)))], .nothing
            ),
            ("ingress4", [.address(.v4(IPv4Address(rawValue: 1)))], .verdict(.accept)),
            ("ingress4", [.address(.v4(IPv4Address(rawValue: 1)))], .verdict(.drop)),
        ] as [(String, [NftValue], NftElement.Content)])
    func putIn(_ set: String, key: [NftValue], content: NftElement.Content) throws {
        let bed = try fullBed()
        let before = bed.nft.table?.sets
        var element = NftElement(key)
        element.content = content
        bed.nft.change(set) { $0[key] = element }
        for _ in 0..<2 { bed.dataplane.keepUpPolicy(now: bed.now) }
        #expect(bed.nft.table?.sets == before)
    }

    @Test("sets are counted once in half a minute at most, however often others change tables of theirs")
    func seldom() throws {
        let bed = try fullBed()
        let before = bed.nft.table?.sets
        bed.nft.changeElsewhere()
        bed.dataplane.keepUpPolicy(now: bed.now)
        bed.nft.change("members4") { $0 = [:] }
        bed.dataplane.keepUpPolicy(now: bed.now + 29_000_000_000)
        #expect(bed.nft.table?.sets["members4"]?.isEmpty == true)
        for _ in 0..<2 { bed.dataplane.keepUpPolicy(now: bed.now + 30_000_000_000) }
        #expect(bed.nft.table?.sets == before)
        let lists = bed.nft.lists
        bed.dataplane.keepUpPolicy(now: bed.now + 90_000_000_000)
        #expect(bed.nft.lists == lists)
    }
}
