import CNIProtocol
import Testing

@testable import Agent

@Suite("What an agent says of its health") struct HealthTests {
    private func outcomes(_ bed: DataplaneBed) -> [String: HealthCheck.Outcome] {
        Dictionary(bed.dataplane.checks.map { ($0.name, $0.outcome) }, uniquingKeysWith: { $1 })
    }

    @Test func aNodeOfWhichNothingIsKnownFailsWithReasons() throws {
        let bed = try DataplaneBed(networks: [], blocks: [])
        let checks = outcomes(bed)
        #expect(checks["networks"] == .failed && checks["blocks"] == .failed)
        #expect(bed.dataplane.checks.failure == "networks: no network is known yet: etcd has not been reached")
        #expect(checks["spares"] == nil, "nothing can be said of spares of no network")
    }

    @Test func aNodeWithoutASpareWarnsAndTellsTheDaemonsReason() throws {
        let bed = try DataplaneBed(networks: ["10.1.0.0/16"], blocks: ["10.1.0.0/29"])
        _ = try bed.call(.add, "c1")
        bed.dataplane.take(.supply(problem: "POST http://10.0.0.9:9600: connection refused"), now: bed.now)
        let spares = try #require(bed.dataplane.checks.first { $0.name == "spares" })
        #expect(spares.outcome == .warning)
        #expect(spares.message.contains("of network net0") && spares.message.contains("connection refused"))
        #expect(bed.dataplane.checks.failure == nil, "pods are added as long as there are addresses")
    }

    @Test func aDaemonThatWasNotAskedIsNeitherThereNorGone() throws {
        let bed = try DataplaneBed()
        #expect(bed.dataplane.report().json()["sources"]?["daemon"]?.isNull == true)
        #expect(outcomes(bed)["daemon"] == .ok)
        bed.dataplane.take(.reachable(.daemon, false), now: bed.now)
        #expect(bed.dataplane.report().json()["sources"]?["daemon"] == false)
        #expect(outcomes(bed)["daemon"] == .warning)
        bed.dataplane.take(.reachable(.daemon, true), now: bed.now)
        #expect(outcomes(bed)["daemon"] == .ok)
    }

    @Test func podsThatAreNotKnownYetFailWherePoliciesNeedThem() throws {
        let bed = try DataplaneBed(knowsPods: true)
        let policies = try #require(bed.dataplane.checks.first { $0.name == "policies" })
        #expect(policies.outcome == .failed && policies.message.contains("etcd"))
        bed.dataplane.take(.statements([]), now: bed.now)
        #expect(bed.dataplane.checks.first { $0.name == "policies" }?.message.contains("API server") == true)
        bed.dataplane.take(.pods([]), now: bed.now)
        #expect(outcomes(bed)["policies"] == .ok)
    }

    @Test func readyAndChecksSayTheSame() throws {
        for bed in [try DataplaneBed(), try DataplaneBed(networks: [], blocks: []), try DataplaneBed(knowsPods: true)] {
            #expect((bed.dataplane.problem == nil) == (bed.dataplane.checks.failure == nil))
        }
    }

    @Test func aRefusalNamesTheCallAsTheLogDoes() throws {
        let bed = try DataplaneBed()
        let variables = [
            "CNI_COMMAND": "ADD", "CNI_CONTAINERID": "c1", "CNI_IFNAME": "eth0", "CNI_NETNS": "/n",
            "CNI_PATH": "/opt/cni/bin",
        ]
        let request = CNIRequest(
            connection: 1, received: bed.now, environment: try CNIEnvironment { variables[$0] },
            config: try NetworkConfig(parsing: Array(#"{"cniVersion":"1.0.0","name":"n","type":"t"}"#.utf8)),
            sandbox: nil, id: "0123456789ab-00ff")
        let answer = bed.dataplane.refuse(request, CNIError(.tryAgainLater, "no", details: "why"))
        #expect(answer.json?["details"] == "why; request 0123456789ab-00ff")
    }

    @Test func aPodIsShownWithItsBlockAndSinceWhenAndAnAgentThatReturnsRemembers() throws {
        let bed = try DataplaneBed(networks: ["10.1.0.0/16"], blocks: ["10.1.0.0/29"])
        _ = try bed.call(.add, "c1")
        let shown = try #require(bed.dataplane.report().json()["attachments"]?.arrayValue?.first)
        #expect(shown["blocks"] == ["10.1.0.0/29"])
        #expect(shown["policy"]?["ingress"]?.isNull == true, "no policy is about it")
        #expect(try #require(shown["since"]?.intValue) > 1_700_000_000)
        try bed.restart()
        let again = try #require(bed.dataplane.report().json()["attachments"]?.arrayValue?.first)
        #expect(again["since"] == shown["since"])
    }

    @Test func callsForOneContainerHaveNamesOfTheirOwn() {
        let names = Set((0..<8).map { _ in RequestID.cni("0123456789abcdef") })
        #expect(names.count > 1 && names.allSatisfy { $0.hasPrefix("0123456789ab-") && $0.count == 17 })
    }
}
