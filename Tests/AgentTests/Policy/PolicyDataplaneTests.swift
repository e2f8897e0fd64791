import Addresses
import CNIProtocol
import LinuxSystem
import Nftables
import Policies
import TestSupport
import Testing

@testable import Agent

@Suite("Policies reach pods")
struct PolicyDataplaneTests {
    static let web = PodRecord(namespace: "shop", name: "web", uid: "1", node: "node-1", labels: ["app": "web"])
    /// Everybody in `shop` takes what pods labelled `app=front` send to TCP port 80.
    static let front = PodGroup(namespaces: .named("shop"), pods: LabelSelector(matchLabels: ["app": "front"]))
    static let isolation = PolicyStatement(
        id: "kube.shop.only-front.1", title: "shop/only-front",
        subjects: [.init(namespace: "shop")],
        ingress: [.init(peers: [.pods(front)], traffic: [.ports(.tcp, 80...80)])])

    private func bed(_ statements: [PolicyStatement] = []) throws -> DataplaneBed {
        let bed = try DataplaneBed(knowsPods: true)
        bed.dataplane.take(.statements(statements), now: bed.now)
        bed.dataplane.take(.pods([]), now: bed.now)
        bed.dataplane.programPolicies(now: bed.now)
        return bed
    }

    private func ingress(_ bed: DataplaneBed, _ address: String) -> NftVerdict? {
        guard let address = IPAddress(address) else { return nil }
        let set = PolicyObjects.entries(.ingress, address.family).name
        guard case .verdict(let verdict)? = bed.nft.table?.sets[set]?[[.address(address)]]?.content else { return nil }
        return verdict
    }

    @Test("an ADD waits until the pod's labels are known")
    func waits() throws {
        let bed = try bed()
        #expect(try bed.call(.add, "web") == nil)
        bed.dataplane.take(.pod("shop/web", Self.web), now: bed.now)
        let served = bed.dataplane.serveWaiting(now: bed.now)
        #expect(served.first?.answer.status == 0)
        #expect(ingress(bed, "10.1.0.0") == .accept)
    }

    @Test("a pod that nobody tells of is refused for now, and nothing of it is left")
    func refuses() throws {
        let bed = try bed()
        #expect(try bed.call(.add, "web") == nil)
        let served = bed.dataplane.serveWaiting(now: bed.now + 3_000_000_000)
        #expect(served.first?.answer.code == 11)
        #expect(try bed.routes.isEmpty)
        #expect(try bed.links.isEmpty)
        #expect(bed.used == 0)
        #expect(ingress(bed, "10.1.0.0") == nil)
    }

    @Test("an isolated pod has its chain before its route, and waits for the members of its groups")
    func isolated() throws {
        let bed = try bed([Self.isolation])
        bed.dataplane.take(.pod("shop/web", Self.web), now: bed.now)
        #expect(try bed.call(.add, "web") == nil)
        let peer = try #require(IPAddress("10.9.9.9"))
        bed.dataplane.take(.group(Self.front.key, [GroupMember(address: peer, pod: "shop/front")]), now: bed.now)
        bed.dataplane.programPolicies(now: bed.now)
        #expect(bed.dataplane.serveWaiting(now: bed.now).first?.answer.status == 0)
        let chain = try #require(ingress(bed, "10.1.0.0")?.chain)
        #expect(chain.hasPrefix("in-"))
        #expect(bed.nft.table?.chains[chain]?.isEmpty == false)
        #expect(bed.nft.table?.sets["members4"]?.keys.contains { $0.last == .address(peer) } == true)
        #expect(try bed.routes == ["10.1.0.0/32"])
    }

    @Test("without the members of its groups a pod starts isolated once the runtime has waited long enough")
    func isolatedWithoutMembers() throws {
        let bed = try bed([Self.isolation])
        bed.dataplane.take(.pod("shop/web", Self.web), now: bed.now)
        #expect(try bed.call(.add, "web") == nil)
        #expect(bed.dataplane.serveWaiting(now: bed.now + 3_000_000_000).first?.answer.status == 0)
        #expect(ingress(bed, "10.1.0.0")?.chain != nil)
        #expect(bed.nft.table?.sets["members4"]?.isEmpty == true)
    }

    @Test("a denial whose peers are not known refuses the pod: it would let through what is denied")
    func denialWithoutMembers() throws {
        var denial = PolicyStatement(id: "no", title: "no", subjects: [.init(namespace: "shop")])
        denial.egressDenials = [.init(peers: [.pods(Self.front)])]
        let bed = try bed([denial])
        bed.dataplane.take(.pod("shop/web", Self.web), now: bed.now)
        #expect(try bed.call(.add, "web") == nil)
        #expect(bed.dataplane.serveWaiting(now: bed.now + 3_000_000_000).first?.answer.code == 11)
    }

    @Test("a policy that the kernel refuses makes the ADD fail and leaves nothing open")
    func refusedByTheKernel() throws {
        let bed = try bed()
        bed.dataplane.take(.pod("shop/web", Self.web), now: bed.now)
        bed.nft.refusal = .ENOMEM
        #expect(try bed.call(.add, "web")?.code == 111)
        #expect(try bed.routes.isEmpty)
        #expect(bed.used == 0)
    }

    @Test("DEL takes the pod out of every set")
    func leaves() throws {
        let bed = try bed([Self.isolation])
        bed.dataplane.take(.group(Self.front.key, []), now: bed.now)
        bed.dataplane.take(.pod("shop/web", Self.web), now: bed.now)
        #expect(try bed.call(.add, "web")?.status == 0)
        #expect(try bed.call(.del, "web")?.status == 0)
        bed.dataplane.take(.pod("shop/web", nil), now: bed.now)
        bed.dataplane.programPolicies(now: bed.now)
        let table = try #require(bed.nft.table)
        #expect(table.sets.filter { !$0.value.isEmpty }.keys.sorted() == [])
        #expect(!table.chains.keys.contains { $0.hasPrefix("in-") })
    }

    @Test("after a restart pods go on under the policy they had until all is known again, then what is stale goes")
    func restart() throws {
        let bed = try bed([Self.isolation])
        bed.dataplane.take(.group(Self.front.key, []), now: bed.now)
        bed.dataplane.take(.pod("shop/web", Self.web), now: bed.now)
        #expect(try bed.call(.add, "web")?.status == 0)
        let before = ingress(bed, "10.1.0.0")
        try bed.restart()
        bed.dataplane.programPolicies(now: bed.now)
        #expect(ingress(bed, "10.1.0.0") == before)
        #expect(bed.dataplane.policy.isDispatching)
        // Meanwhile the policy was withdrawn.
        bed.dataplane.take(.statements([]), now: bed.now)
        bed.dataplane.take(.pods([Self.web]), now: bed.now)
        bed.dataplane.programPolicies(now: bed.now)
        #expect(ingress(bed, "10.1.0.0") == .accept)
        #expect(bed.nft.table?.chains.keys.contains { $0.hasPrefix("in-") } == false)
    }

    @Test("a table that somebody removes is written anew")
    func rebuilt() throws {
        let bed = try bed([Self.isolation])
        bed.dataplane.take(.group(Self.front.key, []), now: bed.now)
        bed.dataplane.take(.pod("shop/web", Self.web), now: bed.now)
        #expect(try bed.call(.add, "web")?.status == 0)
        let before = bed.nft.table
        bed.nft.vanish()
        bed.dataplane.keepUpPolicy(now: bed.now)
        #expect(bed.nft.table?.sets == before?.sets)
        #expect(bed.nft.table?.chains == before?.chains)
    }

    @Test("a port of the node leads to one pod at a time")
    func mappedPorts() throws {
        let bed = try DataplaneBed()
        let ports = #","runtimeConfig":{"portMappings":[{"hostPort":8080,"containerPort":80}]}"#
        #expect(try bed.call(.add, "one", config: ports)?.status == 0)
        #expect(try bed.call(.add, "two", config: ports)?.code == 11)
        let key: [NftValue] = [.transport(6), .service(8080)]
        let held = bed.nft.table?.sets["mapped-ports4"]?[key]?.content
        let pod = try #require(IPAddress("10.1.0.0"))
        #expect(held == .values([.address(pod), .service(80)]))
        #expect(try bed.call(.del, "one")?.status == 0)
        #expect(bed.nft.table?.sets["mapped-ports4"]?.isEmpty == true)
        #expect(try bed.call(.add, "two", config: ports)?.status == 0)
    }

    @Test("what comes from a container's other link is its own too")
    func twoLinks() throws {
        let bed = try DataplaneBed()
        #expect(try bed.call(.add, "pod")?.status == 0)
        #expect(try bed.call(.add, "pod", interface: "net1")?.status == 0)
        #expect(bed.nft.table?.sets["links4"]?.count == 4)
        #expect(try bed.call(.del, "pod", interface: "net1")?.status == 0)
        #expect(bed.nft.table?.sets["links4"]?.count == 1)
    }
}
