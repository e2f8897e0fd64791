import Testing

@testable import Commands

@Suite("Comparing what daemons and agents say")
struct InspectionTests {
    /// One thing that went wrong, and what is found.
    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let spoil: @Sendable (inout IPAMCluster) -> Void
        let findings: [String]

        init(_ name: String, _ findings: [String], _ spoil: @escaping @Sendable (inout IPAMCluster) -> Void) {
            testDescription = name
            self.spoil = spoil
            self.findings = findings
        }
    }

    static let faults = [
        Fault("nothing", []) { _ in },
        Fault("a block of no host", ["leak 10.112.0.16/29 n3: it is granted to a host that does not exist"]) {
            $0.blocks.append(("10.112.0.16/29", "n3", 0))
        },
        Fault(
            "a block that the agent does not know",
            ["leak 10.112.0.16/29 n1: it is granted to the host, and the host's agent does not know it"]
        ) {
            $0.blocks.append(("10.112.0.16/29", "n1", 0))
        },
        Fault("a block whose addresses a daemon gives out", []) {
            $0.blocks.append(("10.112.0.16/29", "n1", 3))
            $0.keptByDaemon = ["10.112.0.16/29"]
        },
        Fault(
            "a block whose addresses both a daemon and an agent give out",
            ["conflict 10.112.0.0/29 n1: the host's agent uses it, and its addresses are given out by a daemon"]
        ) {
            $0.keptByDaemon = ["10.112.0.0/29"]
        },
        Fault(
            "a count that etcd has wrong",
            ["leak 10.112.0.0/29 n1: the cluster counts 5 addresses in use, the host's agent 2"]
        ) {
            $0.blocks[0].allocated = 5
        },
        Fault(
            "a count that the agent has wrong",
            ["leak 10.112.0.8/29 n2: the host's agent counts 1 addresses in use, its pods have 0"]
        ) {
            $0.nodes["n2"]?.pods = []
        },
        Fault(
            "a block in two places",
            [
                "conflict 10.112.0.0/29 n2: the host's agent uses it, and it is granted to host n1",
                "conflict 10.112.0.1 n2: pod shop/b on host n1 and pod shop/d on host n2 have it",
            ]
        ) {
            $0.nodes["n2"]?.blocks.append(("10.112.0.0/29", 1))
            $0.nodes["n2"]?.pods.append(("d", ["10.112.0.1"]))
        },
        Fault(
            "a block that nobody granted",
            ["conflict 10.112.0.32/29 n2: the host's agent uses it, and it is granted to nobody"]
        ) {
            $0.nodes["n2"]?.blocks.append(("10.112.0.32/29", 0))
        },
        Fault(
            "an address twice on one node",
            [
                "conflict 10.112.0.9 n2: pod shop/c on host n2 and pod shop/e on host n2 have it",
                "leak 10.112.0.8/29 n2: the host's agent counts 1 addresses in use, its pods have 2",
            ]
        ) {
            $0.nodes["n2"]?.pods.append(("e", ["10.112.0.9"]))
        },
        Fault("an address of no block", ["conflict fd00::1 n1: pod shop/x has it, and no block of the host has it"]) {
            $0.nodes["n1"]?.pods.append(("x", ["fd00::1"]))
        },
        Fault("blocks that overlap", ["conflict 10.112.0.4/30 n2: it overlaps block 10.112.0.0/29 of host n1"]) {
            $0.blocks.append(("10.112.0.4/30", "n2", 0))
            $0.nodes["n2"]?.blocks.append(("10.112.0.4/30", 0))
        },
        Fault(
            "a block outside of its group",
            [
                "conflict 10.112.0.0/29 n1: it is not part of its group rack-1 (10.113.0.0/16)",
                "conflict 10.112.0.8/29 n2: it is not part of its group rack-1 (10.113.0.0/16)",
            ]
        ) {
            $0.group = "10.113.0.0/16"
        },
        Fault(
            "a network that is gone",
            [
                "conflict 10.112.0.0/29 n1: its network pods does not exist",
                "conflict 10.112.0.8/29 n2: its network pods does not exist",
                "difference n1 n1: it is in network pods, which does not exist",
                "difference n2 n2: it is in network pods, which does not exist",
            ]
        ) {
            $0.networks = []
        },
        Fault(
            "a block outside of its network",
            ["conflict 10.9.0.0/29 n1: it is not part of its network pods (10.112.0.0/16)"]
        ) {
            $0.blocks.append(("10.9.0.0/29", "n1", 0))
            $0.nodes["n1"]?.blocks.append(("10.9.0.0/29", 0))
            $0.group = "10.0.0.0/8"
        },
        Fault(
            "more addresses than a block has",
            [
                "conflict 10.112.0.8/29 n2: 9 of its 8 addresses are in use",
                "leak 10.112.0.8/29 n2: the cluster counts 9 addresses in use, the host's agent 1",
            ]
        ) {
            $0.blocks[1].allocated = 9
        },
        Fault("two hosts of one address", ["conflict 10.0.0.1 n2: host n1 has this address as well"]) {
            $0.hosts[1].ip = "10.0.0.1"
        },
        Fault(
            "paths that do not agree",
            [
                "difference 10.112.0.8/29 n2: GET /v1/blocks says 1 addresses of host n2, GET /blocks says nothing",
                "difference 10.112.0.0/29 n1: GET /v1/blocks says 2 addresses of host n1, "
                    + "GET /blocks says 3 addresses of host n1",
            ]
        ) {
            $0.summaries = [("10.112.0.0/29", "n1", 3)]
        },
    ]

    @Test("each thing that can go wrong is found, and nothing else", arguments: faults)
    func finds(fault: Fault) {
        var cluster = IPAMCluster()
        fault.spoil(&cluster)
        let findings = Inspection(view: cluster.view).findings.map {
            "\($0.kind.rawValue) \($0.subject) \($0.host): \($0.details)"
        }
        #expect(Set(findings) == Set(fault.findings))
        #expect(findings.count == fault.findings.count)
    }
}
