import Testbed
import Testing

extension SystemTests {
    /// What romana-cni says without asking anybody: CNI specification 1.1, "Parameters" and "Error".
    @Suite("romana-cni without an agent")
    struct PluginRefusalTests {
        /// A call, what is changed about it, and the code that it has to be answered with.
        struct Case: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let code: Int
            let command: String
            let change: @Sendable (CNICall) -> CNICall

            init(
                _ description: String, _ code: Int, _ command: String = "ADD",
                _ change: @escaping @Sendable (CNICall) -> CNICall = { $0 }
            ) {
                testDescription = description
                self.code = code
                self.command = command
                self.change = change
            }

            static func missing(_ variable: String, of command: String) -> Case {
                Case("\(command) without \(variable)", 4, command) { $0.with(variable, nil) }
            }

            static func invalid(_ variable: String, _ value: String) -> Case {
                Case("\(variable)=\(value)", 4) { $0.with(variable, value) }
            }

            static func config(_ description: String, _ text: String, _ code: Int, _ command: String = "ADD") -> Case {
                Case("\(command) with \(description)", code, command) { $0.with(input: text) }
            }
        }

        static let environmentCases: [Case] =
            ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"].flatMap { variable in
                [.missing(variable, of: "ADD"), .missing(variable, of: "CHECK")]
            }
            + ["CNI_CONTAINERID", "CNI_IFNAME"].map { .missing($0, of: "DEL") }
            + [.missing("CNI_PATH", of: "GC")]
            + [
                .invalid("CNI_COMMAND", "add"), .invalid("CNI_COMMAND", "REMOVE"),
                .invalid("CNI_CONTAINERID", "../etc"), .invalid("CNI_CONTAINERID", "-x"),
                .invalid("CNI_CONTAINERID", "a b"),
                .invalid("CNI_IFNAME", "."), .invalid("CNI_IFNAME", ".."), .invalid("CNI_IFNAME", "a/b"),
                .invalid("CNI_IFNAME", "a:b"), .invalid("CNI_IFNAME", "a b"),
                .invalid("CNI_IFNAME", "sixteencharacter"),
                .invalid("CNI_ARGS", "K8S_POD_NAME"),
                .invalid("CNI_NETNS", "/run/netns/never-made"),
            ]

        static let configCases: [Case] = [
            .config("nothing at all", "", 6),
            .config("half an object", #"{"cniVersion": "1.0.0""#, 6),
            .config("a list", "[]", 6),
            .config("a number with a leading zero", #"{"cniVersion": "1.0.0", "name": "n", "mtu": 01}"#, 6),
            .config("a mebibyte of junk", String(repeating: "junk", count: 1 << 18), 6),
            .config("a mebibyte of brackets", String(repeating: "[", count: 1 << 20), 6),
            .config("a mebibyte of junk", String(repeating: "junk", count: 1 << 18), 6, "DEL"),
            .config("no name", #"{"cniVersion": "1.0.0", "type": "romana-cni"}"#, 7),
            .config("an invalid name", #"{"cniVersion": "1.0.0", "name": "a/b", "type": "romana-cni"}"#, 7),
            .config("a version of the future", #"{"cniVersion": "9.9.9", "name": "n", "type": "romana-cni"}"#, 1),
            .config("a version of the past", #"{"cniVersion": "0.1.0", "name": "n", "type": "romana-cni"}"#, 1),
            .config("0.3.1", #"{"cniVersion": "0.3.1", "name": "n", "type": "romana-cni"}"#, 1, "CHECK"),
            .config("1.0.0", #"{"cniVersion": "1.0.0", "name": "n", "type": "romana-cni"}"#, 1, "GC"),
            .config("1.0.0", #"{"cniVersion": "1.0.0", "name": "n", "type": "romana-cni"}"#, 1, "STATUS"),
        ]

        static let absenceCases: [Case] =
            ["ADD", "DEL", "CHECK"].map { Case("\($0) without an agent", 11, $0) }
            + [
                Case("GC without an agent", 11, "GC") { $0.with(input: newestConfig) },
                Case("STATUS without an agent", 50, "STATUS") { $0.with(input: newestConfig) },
            ]

        static let newestConfig =
            #"{"cniVersion": "1.1.0", "name": "n", "type": "romana-cni", "agentSocket": "/run/tmp/nobody.sock"}"#

        @Test("is refused with the code of the specification", arguments: environmentCases + configCases + absenceCases)
        func isRefused(_ example: Case) async throws {
            let pod = try await PodWithoutAgent.make()
            let answer = try await example.change(pod.call(example.command)).run()
            #expect(answer.code == example.code, "\(answer)")
            #expect(answer.result.status == .exited(1))
            #expect(answer.document?.msg?.isEmpty == false)
            #expect(answer.document?.cniVersion?.isEmpty == false)
            #expect(answer.result.errorText.isEmpty, "standard error is for logs only")
        }

        @Test("names the variables that are missing")
        func namesMissingVariables() async throws {
            let pod = try await PodWithoutAgent.make()
            let answer = try await pod.call("ADD").with("CNI_IFNAME", nil).run()
            #expect(answer.document?.msg?.contains("CNI_IFNAME") == true, "\(answer)")
        }

        @Test("VERSION lists what is supported")
        func listsVersions() async throws {
            let answer = try await PodWithoutAgent.make().call("VERSION").with(input: #"{"cniVersion": "1.0.0"}"#).run()
            #expect(answer.isSuccess)
            #expect(answer.document?.cniVersion == "1.0.0")
            let versions = Set(answer.document?.supportedVersions ?? [])
            #expect(versions.isSuperset(of: ["0.3.1", "0.4.0", "1.0.0", "1.1.0"]))
        }

        @Test("Started by a person, it says what it is on standard error and succeeds")
        func introducesItself() async throws {
            let answer = try await PodWithoutAgent.make().call("ADD").with("CNI_COMMAND", nil).run()
            #expect(answer.isSuccess)
            #expect(answer.result.text.isEmpty)
            #expect(answer.result.errorText.contains("1.1.0"))
        }
    }

    /// A pod on a node where no agent runs.
    enum PodWithoutAgent {
        static func make() async throws -> Pod {
            let site = Node.Site(
                number: 1, namespace: nil, prefix: "nowhere", directory: "/run/tmp/nowhere", cni: Programs.built.cni)
            let pod = Pod(node: site, number: 1, tenant: "default")
            if !Namespace.present.contains(pod.namespace.name) { try await Namespace.addEmpty([pod.namespace]) }
            return pod
        }
    }
}
