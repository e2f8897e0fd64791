import AWS
import Addresses
import Testing
import Topology
import VPCRoutes

@testable import Duties

@Suite("Which interface each host is")
struct VPCLocatorTests {
    private let cloud = CloudInSmall()
    private let start = ContinuousClock.now

    private func hosts(_ numbers: Int...) -> [String: (record: HostRecord, node: VPCSurvey.NodeFacts?)] {
        numbers.reduce(into: [:]) { hosts, number in
            let record = HostRecord(name: "n\(number)", addresses: [])
            hosts[record.name] = (record, .init(instance: SourceDestLedgerTests.id(number), isReady: true))
        }
    }

    @Test("a host is asked for once, and again when it is doubted, whoever else is asked for meanwhile")
    func doubt() async throws {
        for number in 1...2 { cloud.addInstance(SourceDestLedgerTests.id(number)) }
        var locator = VPCLocator(cloud, vpcID: nil)
        _ = try await locator.locate(hosts(1), at: start)
        _ = try await locator.locate(hosts(1), at: start + .seconds(3600))
        #expect(cloud.calls.count == 1 && locator.vpc == "vpc-1")

        locator = VPCLocator(cloud, vpcID: nil)
        _ = try await locator.locate(hosts(1), at: start)
        cloud.add(
            EC2Instance(
                id: SourceDestLedgerTests.id(1), vpcID: "vpc-1",
                networkInterfaces: [EC2NetworkInterface(id: "eni-new", deviceIndex: 0, vpcID: "vpc-1")]))
        locator.doubt("n1")
        _ = try await locator.locate(hosts(1, 2), at: start + .seconds(30))
        #expect(locator.targets["n1"]?.interface != "eni-new" && locator.targets["n2"] != nil)
        _ = try await locator.locate(hosts(1, 2), at: start + .seconds(60))
        #expect(locator.targets["n1"]?.interface == "eni-new")
        cloud.forgetCalls()
        _ = try await locator.locate(hosts(1, 2), at: start + .seconds(120))
        #expect(cloud.calls.isEmpty)
    }
}
