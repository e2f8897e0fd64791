import AWS
import Addresses
import Testing
import VPCRoutes

@testable import Duties

@Suite("Which route tables are the cluster's")
struct TableSelectionTests {
    /// A table for zone a, one for a subnet without nodes, and the VPC's main one.
    static let tables = [
        EC2RouteTable(id: "rtb-a", associations: [.init(subnetID: "s-a")]),
        EC2RouteTable(id: "rtb-x", associations: [.init(subnetID: "s-x")]),
        EC2RouteTable(id: "rtb-main", associations: [.init(isMain: true)]),
    ]

    static func chosen(
        _ zones: [String: String], owned: Set<String> = [], _ change: (inout VPCRouterSettings) -> Void = { _ in }
    ) -> [String] {
        var settings = VPCRouterSettings()
        change(&settings)
        return TableSelection.tables(tables, settings, zones: zones, owned: owned).map {
            "\($0.id) \($0.zones.sorted().joined(separator: ","))"
        }
    }

    @Test("those of the subnets that nodes are on, the main one where a subnet was given none")
    func subnets() {
        #expect(Self.chosen(["s-a": "a"]) == ["rtb-a a"])
        #expect(Self.chosen(["s-a": "a", "s-b": "b", "s-c": "c"]) == ["rtb-a a", "rtb-main b,c"])
        #expect(Self.chosen([:]) == [])
        #expect(Self.chosen(["s-a": "a"], owned: ["rtb-x"]) == ["rtb-a a", "rtb-x "])
    }

    @Test("that no table is the cluster's is said")
    func lack() {
        var settings = VPCRouterSettings()
        #expect(TableSelection.lack([VPCTable("rtb-a")], settings) == nil)
        #expect(TableSelection.lack([], settings)?.text == "no route table is that of a node's subnet")
        settings.clusterName = "prod"
        #expect(TableSelection.lack([], settings)?.text == "no route table has the tag kubernetes.io/cluster/prod")
        settings.tables = ["rtb-z"]
        #expect(TableSelection.lack([], settings) == nil)
    }

    @Test("all that were asked for by id or tag")
    func asked() {
        #expect(Self.chosen(["s-a": "a"]) { $0.clusterName = "prod" } == ["rtb-a a", "rtb-main ", "rtb-x "])
        #expect(Self.chosen(["s-a": "a"]) { $0.tables = ["rtb-x"] }.count == 3)
        var settings = VPCRouterSettings()
        settings.clusterName = "prod"
        let tag = TableSelection.filter(settings, vpc: "vpc-1")
        #expect(tag.vpcID == "vpc-1" && tag.tags == [EC2TagFilter("kubernetes.io/cluster/prod")])
        settings.tables = ["rtb-x"]
        #expect(TableSelection.filter(settings, vpc: nil).ids == ["rtb-x"])
    }

    @Test("ids that are not there are told; of other tables those are given up that are certainly not the cluster's")
    func others() {
        var settings = VPCRouterSettings()
        #expect(TableSelection.absent(Self.tables, settings).isEmpty)
        let others = [EC2RouteTable(id: "rtb-1", vpcID: "vpc-1"), EC2RouteTable(id: "rtb-2", vpcID: "vpc-2")]
        func withdrawn() -> [String] { TableSelection.withdrawn(others, settings, vpc: "vpc-1").map(\.id) }
        #expect(withdrawn() == ["rtb-1"])
        settings.clusterName = "prod"
        #expect(withdrawn() == ["rtb-1"])
        settings.vpcID = "vpc-1"
        #expect(withdrawn() == ["rtb-1", "rtb-2"])
        settings = VPCRouterSettings()
        settings.tables = ["rtb-z", "rtb-a", "rtb-z"]
        #expect(withdrawn() == ["rtb-1", "rtb-2"])
        #expect(TableSelection.absent(Self.tables, settings) == ["rtb-z"])
    }

    @Test("an instance is its interface; what is neither is others'; one that is gone and has no name may be ours")
    func targets() throws {
        let prefix = try #require(IPPrefix("10.0.0.0/8"))
        for (target, state, expected) in [
            (.networkInterface("eni-1", instanceID: "i-1"), .active, .interface("eni-1")),
            (.instance("i-1"), .active, .interface("eni-1")), (.instance("i-2"), .active, .interface("i-2")),
            (.gateway("igw-1"), .active, .foreign("igw-1")), (.natGateway("nat-1"), .blackhole, .foreign("nat-1")),
            (.local, .active, .foreign("the VPC itself")), (.other(""), .blackhole, .interface("")),
            (.other(""), .active, .foreign("?")), (.other("vpce-1"), .blackhole, .foreign("vpce-1")),
        ] as [(EC2Route.Target, EC2Route.State, TableRoute.Target)] {
            let route = TableSelection.route(
                EC2Route(destination: .prefix(prefix), target: target, state: state), ["i-1": "eni-1"])
            #expect(route?.target == expected && route?.isBlackHole == (state == .blackhole))
        }
        #expect(TableSelection.route(EC2Route(destination: .prefixList("pl-1"), target: .local)) == nil)
        let told = EC2Route(destination: .prefix(prefix), target: .gateway("vgw-1"), origin: .propagation)
        #expect(TableSelection.route(told)?.isPropagated == true)
    }
}
