import CNIProtocol
import Testing

@Suite("CNI environment")
struct CNIEnvironmentTests {
    static let whole = [
        "CNI_COMMAND": "ADD", "CNI_CONTAINERID": "abc-1.2_3", "CNI_NETNS": "/run/netns/x", "CNI_IFNAME": "eth0",
        "CNI_PATH": "/opt/cni/bin", "CNI_ARGS": "K8S_POD_NAME=web;IgnoreUnknown=1;K8S_POD_NAMESPACE=shop",
    ]

    static func read(_ verb: String, _ changes: [String: String?] = [:]) throws(CNIError) -> CNIEnvironment {
        var variables = whole
        variables["CNI_COMMAND"] = verb
        for (name, value) in changes { variables[name] = value }
        return try CNIEnvironment { variables[$0] }
    }

    static func fault(_ verb: String, _ changes: [String: String?]) -> CNIError? {
        do {
            _ = try read(verb, changes)
            return nil
        } catch {
            return error
        }
    }

    @Test("reads every variable")
    func reads() throws {
        let environment = try Self.read("ADD", ["CNI_NETNS_OVERRIDE": "true"])
        #expect(environment.command == .add)
        #expect(environment.containerID == "abc-1.2_3")
        #expect(environment.netns == "/run/netns/x")
        #expect(environment.ifname == "eth0")
        #expect(environment.path == "/opt/cni/bin")
        #expect(environment.args.podName == "web")
        #expect(environment.args.podNamespace == "shop")
        #expect(environment.args.podUID == nil)
        #expect(environment.args.ignoresUnknown)
        #expect(environment.allowsOwnNamespace)
    }

    static let needed: [(verb: String, variables: [String])] = [
        ("ADD", ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"]),
        ("CHECK", ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"]),
        ("DEL", ["CNI_CONTAINERID", "CNI_IFNAME"]),
        ("GC", ["CNI_PATH"]), ("STATUS", []), ("VERSION", []),
    ]

    @Test("each verb needs its own variables, and a message names each that is missing", arguments: needed)
    func missing(verb: String, variables: [String]) throws {
        let all = ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_PATH", "CNI_ARGS"]
        for absent: String? in [nil, ""] {
            for name in all {
                let error = Self.fault(verb, [name: absent])
                #expect((error != nil) == variables.contains(name), "\(verb) without \(name)")
                if let error { #expect(error.code == .invalidEnvironment && error.message.contains(name)) }
            }
            let error = Self.fault(verb, Dictionary(uniqueKeysWithValues: all.map { ($0, absent) }))
            for name in variables { #expect(error?.message.contains(name) == true) }
        }
    }

    @Test("a verb that is not one is named", arguments: ["", "add", "FOO", "ADD "])
    func unknownVerb(verb: String) {
        let error = Self.fault(verb, [:])
        #expect(error?.code == .invalidEnvironment)
        #expect(error?.message.contains("CNI_COMMAND") == true)
        #expect(error?.message.contains(verb) == true)
    }

    @Test(
        "container ids are a letter or digit, then letters, digits, dots, underscores and hyphens",
        arguments: [
            ("a", true), ("0", true), ("A_b.c-d", true), (String(repeating: "a", count: 300), true), ("-a", false),
            (".a", false), ("_a", false), ("a/b", false), ("a b", false), ("é", false), ("a\n", false), ("../x", false),
        ])
    func containerID(id: String, isValid: Bool) {
        for verb in ["ADD", "DEL", "CHECK"] {
            let error = Self.fault(verb, ["CNI_CONTAINERID": id])
            #expect((error == nil) == isValid, "\(verb) \(id)")
            if let error { #expect(error.code == .invalidEnvironment && error.message.contains("CNI_CONTAINERID")) }
        }
        #expect(Self.fault("STATUS", ["CNI_CONTAINERID": id]) == nil)
    }

    @Test(
        "interface names are those the kernel takes",
        arguments: [
            ("eth0", true), ("a", true), ("123456789012345", true), ("net-1.5", true), ("é", true),
            ("1234567890123456", false), ("ééééééééé", false), (".", false), ("..", false), ("a/b", false),
            ("a:1", false), ("a b", false), ("a\tb", false), ("a\u{7f}", false), ("a\u{a0}b", false),
        ])
    func interfaceName(name: String, isValid: Bool) {
        let error = Self.fault("ADD", ["CNI_IFNAME": name])
        #expect((error == nil) == isValid)
        if let error { #expect(error.code == .invalidEnvironment && error.message.contains("CNI_IFNAME")) }
    }

    @Test("several faults are told at once")
    func severalFaults() {
        let error = Self.fault("ADD", ["CNI_CONTAINERID": "-", "CNI_IFNAME": "a/b", "CNI_ARGS": "loose"])
        for name in ["CNI_CONTAINERID", "CNI_IFNAME", "CNI_ARGS"] { #expect(error?.message.contains(name) == true) }
    }

    @Test(
        "arguments come in any order, values may hold equals signs, empty pieces are passed over",
        arguments: [
            ("", [:]), ("A=1", ["A": "1"]), ("B=2;A=1", ["A": "1", "B": "2"]), (";A=1;;B=;", ["A": "1", "B": ""]),
            ("A=x=y", ["A": "x=y"]), ("A=1;A=2", ["A": "2"]),
        ] as [(String, [String: String])])
    func arguments(text: String, pairs: [String: String]) {
        let arguments = CNIArguments(text)
        for (key, value) in pairs { #expect(arguments[key] == value) }
        #expect(arguments["missing"] == nil)
        #expect(arguments.malformed.isEmpty)
    }

    @Test("malformed arguments stop ADD and CHECK, and nothing else", arguments: ["loose", "=x", "A=1;loose"])
    func malformedArguments(text: String) {
        for verb in ["ADD", "CHECK"] { #expect(Self.fault(verb, ["CNI_ARGS": text])?.code == .invalidEnvironment) }
        for verb in ["DEL", "GC", "STATUS", "VERSION"] { #expect(Self.fault(verb, ["CNI_ARGS": text]) == nil) }
    }

    @Test("entries hold what is set")
    func entries() {
        let entries = CNIEnvironment.entries { Self.whole[$0] }
        #expect(entries.count == Self.whole.count)
        #expect(entries.first == AgentRequest.Entry("CNI_COMMAND", "ADD"))
    }
}
