import CNIProtocol
import Testing

@testable import Agent
@testable import Duties

@Suite("the state of routes by HTTP")
struct VPCStatusTests {
    static let paths = ["/", "/ips", "/plugins", "/route_info", "/vpc"]

    @Test("has the paths of old", arguments: paths)
    func pages(path: String) throws {
        let page = try #require(VPCStatusServer.pages.first { $0.path == path })
        // Whoever is not elected says so, and nothing else.
        guard case .object(let members) = page.body(nil, "n2") else {
            Issue.record("\(path) is no object")
            return
        }
        #expect(!members.isEmpty)
        if path == "/" {
            #expect(page.body(nil, "n2")["elected"]?.boolValue == false)
            #expect(page.body(nil, "n2")["holder"]?.stringValue == "n2")
        }
    }

    @Test("tells which nodes answer, by their addresses")
    func addresses() throws {
        var report = VPCReport()
        report.hosts = [("a", "healthy", 1), ("b", "down", 2), ("c", "unclear", 3)].map { name, health, last in
            VPCReport.Host(
                name: name, addresses: ["10.0.0.\(last)"], health: health, reason: "it is \(health)", routes: last)
        }
        let page = VPCStatusPage.addresses(report, nil)
        #expect(page["failed_ips"] == ["10.0.0.2"] && page["questionable_ips"] == ["10.0.0.3"])
        #expect(page["working_set"] == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
        #expect(page["hosts"]?.arrayValue?.count == 3)
    }

    @Test("tells where routes lead, since when and why")
    func routes() throws {
        var report = VPCReport()
        report.routes = [
            VPCReport.Route(
                table: "rtb-1", prefix: "10.1.0.0/16", purpose: "group a of net", host: "a1", interface: "eni-1",
                since: 1_700_000_000, reason: "a2: it does not answer pings", state: "installed")
        ]
        report.ignored = ["0.0.0.0/0"]
        let page = VPCStatusPage.routes(report, nil)
        let route = try #require(page["routes"]?.arrayValue?.first)
        #expect(route["since"]?.stringValue == "2023-11-14T22:13:20Z" && route["host"]?.stringValue == "a1")
        #expect(page["route_spec"] == ["10.1.0.0/16": ["a1"]] && page["ignored_routes"] == ["0.0.0.0/0"])
    }

    @Test("trouble with routes is told by health, and stops nothing")
    func health() {
        #expect(CarrierHealth.routes(nil).isEmpty)
        var report = VPCReport()
        #expect(CarrierHealth.routes(report).map(\.outcome) == [.ok])
        report.findings = ["rtb-1 has no room"]
        #expect(CarrierHealth.routes(report).map(\.outcome) == [.warning])
        report.problem = "call DescribeRouteTables: denied"
        #expect(CarrierHealth.routes(report).first?.message == "call DescribeRouteTables: denied")
        #expect(CarrierHealth.routes(report).failure == nil)
    }
}
