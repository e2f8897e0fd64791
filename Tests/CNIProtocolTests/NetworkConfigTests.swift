import CNIProtocol
import Testing

@Suite("Network configuration")
struct NetworkConfigTests {
    static func read(_ text: String) throws(CNIError) -> NetworkConfig { try NetworkConfig(parsing: Array(text.utf8)) }

    @Test("reads every field")
    func reads() throws {
        let config = try Self.read(
            #"""
            {"cniVersion":"1.0.0","cniVersions":["0.4.0","1.0.0"],"name":"romana-k8s-network","type":"romana-cni",
             "agentSocket":"/run/other.sock","mtu":9000,"capabilities":{"portMappings":true,"bandwidth":false},
             "runtimeConfig":{"portMappings":[]},"prevResult":{"cniVersion":"1.0.0"},"foreign":[1,2]}
            """#)
        #expect(config.cniVersion == .v1_0_0)
        #expect(config.cniVersions == ["0.4.0", "1.0.0"])
        #expect(config.name == "romana-k8s-network")
        #expect(config.type == "romana-cni")
        #expect(config.agentSocket == "/run/other.sock")
        #expect(config.mtu == 9000)
        #expect(config.capabilities == ["portMappings"])
        #expect(config.runtimeConfig?["portMappings"] == [])
        #expect(config.prevResult?["cniVersion"] == "1.0.0")
        #expect(config.raw["foreign"] == [1, 2])
        #expect(config.validAttachments == nil)
    }

    @Test("absent and null fields have their defaults")
    func defaults() throws {
        for rest in ["", #","mtu":0"#, #","mtu":null,"agentSocket":null,"prevResult":null,"capabilities":null"#] {
            let config = try Self.read(#"{"cniVersion":"0.3.1","name":"n"\#(rest)}"#)
            #expect(config.agentSocket == AgentSocket.defaultPath)
            #expect(config.mtu == nil)
            #expect(config.prevResult == nil)
            #expect(config.capabilities == [])
        }
    }

    @Test(
        "what cannot be served is refused with the code of its kind",
        arguments: [
            ("", 6), ("{", 6), ("[]", 6), ("null", 6), ("\u{0}\u{1}junk", 6),
            (#"{"name":"n"}"#, 1), (#"{"cniVersion":"","name":"n"}"#, 1), (#"{"cniVersion":"0.2.0","name":"n"}"#, 1),
            (#"{"cniVersion":"1.2.0","name":"n"}"#, 1), (#"{"cniVersion":"one","name":"n"}"#, 1),
            (#"{"cniVersion":1,"name":"n"}"#, 6), (#"{"cniVersion":"1.0.0"}"#, 7),
            (#"{"cniVersion":"1.0.0","name":""}"#, 7), (#"{"cniVersion":"1.0.0","name":"../n"}"#, 7),
            (#"{"cniVersion":"1.0.0","name":5}"#, 6), (#"{"cniVersion":"1.0.0","name":"n","mtu":"9000"}"#, 6),
            (#"{"cniVersion":"1.0.0","name":"n","mtu":-1}"#, 7), (#"{"cniVersion":"1.0.0","name":"n","mtu":1.5}"#, 7),
            (#"{"cniVersion":"1.0.0","name":"n","mtu":70000}"#, 7),
            (#"{"cniVersion":"1.0.0","name":"n","agentSocket":"agent.sock"}"#, 7),
            (#"{"cniVersion":"1.0.0","name":"n","agentSocket":""}"#, 7),
            (#"{"cniVersion":"1.0.0","name":"n","agentSocket":"/\#(String(repeating: "x", count: 107))"}"#, 7),
            (#"{"cniVersion":"1.0.0","name":"n","prevResult":[]}"#, 6),
            (#"{"cniVersion":"1.0.0","name":"n","capabilities":{"x":1}}"#, 6),
            (#"{"cniVersion":"1.1.0","name":"n","cni.dev/valid-attachments":{}}"#, 6),
            (#"{"cniVersion":"1.1.0","name":"n","cni.dev/valid-attachments":[{"containerID":"a"}]}"#, 6),
        ] as [(String, UInt)])
    func refuses(text: String, number: UInt) {
        let code = code { () throws(CNIError) in _ = try Self.read(text) }
        #expect(code?.rawValue == number, "\(text)")
    }

    @Test("a version that is not served is told with those that are")
    func versionsAreNamed() {
        let error = #expect(throws: CNIError.self) { try Self.read(#"{"cniVersion":"0.2.0","name":"n"}"#) }
        for text in ["0.2.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"] { #expect(error?.message.contains(text) == true) }
    }

    @Test("the list of GC is read under its name and its old name; null is an empty list")
    func attachments() throws {
        let pair = #"[{"containerID":"a","ifname":"eth0","more":1}]"#
        let other = #"[{"containerID":"b","ifname":"eth0"}]"#
        let table: [(String, [NetworkConfig.Attachment]?)] = [
            (#""cni.dev/valid-attachments":\#(pair)"#, [.init(containerID: "a", ifname: "eth0")]),
            (#""cni.dev/attachments":\#(pair)"#, [.init(containerID: "a", ifname: "eth0")]),
            (
                #""cni.dev/attachments":\#(other),"cni.dev/valid-attachments":\#(pair)"#,
                [.init(containerID: "a", ifname: "eth0")]
            ),
            (#""cni.dev/valid-attachments":[]"#, []), (#""cni.dev/valid-attachments":null"#, []), (#""x":1"#, nil),
        ]
        for (fields, attachments) in table {
            let config = try Self.read(#"{"cniVersion":"1.1.0","name":"n",\#(fields)}"#)
            #expect(config.validAttachments == attachments, "\(fields)")
        }
    }

    @Test("a mebibyte of junk is refused at its first byte")
    func junk() {
        let error = #expect(throws: CNIError.self) {
            try NetworkConfig(parsing: Array(repeating: 0x78, count: 1 << 20))
        }
        #expect(error?.code == .decoding)
        #expect(error?.details.contains("byte 0") == true)
    }
}
