import Addresses
import CNIProtocol
import Testing

/// A configuration with what a runtime supplies for capabilities.
private func config(_ runtimeConfig: String) throws(CNIError) -> NetworkConfig {
    try NetworkConfig(
        parsing: Array(#"{"cniVersion":"1.0.0","name":"n","runtimeConfig":\#(runtimeConfig)}"#.utf8))
}

/// The failure of `body`.
private func failure(_ body: () throws(CNIError) -> Void) -> CNIError? {
    do throws(CNIError) {
        try body()
        return nil
    } catch {
        return error
    }
}

@Suite("Port mappings")
struct PortMappingTests {
    @Test("are read with their defaults")
    func reads() throws {
        let mappings = try config(
            #"""
            {"portMappings":[
              {"hostPort":8080,"containerPort":80,"protocol":"tcp"},
              {"hostPort":53,"containerPort":5353,"protocol":"UDP","hostIP":"192.0.2.1"},
              {"hostPort":65535,"containerPort":1,"protocol":"sctp","hostIP":"fd00::1"},
              {"hostPort":9,"containerPort":9,"protocol":"","hostIP":"","else":true},
              {"hostPort":7,"containerPort":7,"hostIP":"0.0.0.0"},
              {"hostPort":7,"containerPort":7,"hostIP":"::","protocol":null}]}
            """#
        ).portMappings()
        #expect(
            mappings.map(\.description) == [
                "tcp 8080 -> 80", "udp 192.0.2.1:53 -> 5353", "sctp [fd00::1]:65535 -> 1", "tcp 9 -> 9",
                "tcp 0.0.0.0:7 -> 7", "tcp [::]:7 -> 7",
            ])
        #expect(mappings.map(\.families) == [[.ipv4, .ipv6], [.ipv4], [.ipv6], [.ipv4, .ipv6], [.ipv4], [.ipv6]])
        #expect(
            mappings.map(\.hostAddress)
                == [nil, IPAddress("192.0.2.1"), IPAddress("fd00::1"), nil, nil, nil])
        #expect(try mappings.map { mapping in try PortMapping(mapping.json, field: "x") } == mappings)
    }

    @Test(
        "are none when nothing is said", arguments: ["{}", "null", #"{"portMappings":null}"#, #"{"portMappings":[]}"#])
    func none(text: String) throws {
        #expect(try config(text).portMappings() == [])
    }

    @Test(
        "that make no sense are refused by field",
        arguments: [
            (#"{}"#, 7, "hostPort is missing"), (#"{"hostPort":1}"#, 7, "containerPort is missing"),
            (#"{"hostPort":0,"containerPort":1}"#, 7, "hostPort is 0: 1 to 65535 is due"),
            (#"{"hostPort":65536,"containerPort":1}"#, 7, "hostPort is 65536: 1 to 65535 is due"),
            (#"{"hostPort":1,"containerPort":-1}"#, 7, "containerPort is -1: 1 to 65535 is due"),
            (#"{"hostPort":1,"containerPort":1.5}"#, 7, "containerPort is 1.5: 1 to 65535 is due"),
            (#"{"hostPort":"1","containerPort":1}"#, 6, "hostPort is a string, not a number"),
            (
                #"{"hostPort":1,"containerPort":1,"protocol":"icmp"}"#, 7,
                "protocol is \"icmp\": tcp, udp or sctp is due"
            ),
            (#"{"hostPort":1,"containerPort":1,"protocol":6}"#, 6, "protocol is a number, not a string"),
            (
                #"{"hostPort":1,"containerPort":1,"hostIP":"node"}"#, 7,
                "hostIP is \"node\": an IPv4 or IPv6 address is due"
            ),
        ] as [(String, UInt, String)])
    func refuses(entry: String, code: UInt, message: String) throws {
        let config = try config(#"{"portMappings":[{"hostPort":1,"containerPort":1},\#(entry)]}"#)
        let failure = failure { () throws(CNIError) in _ = try config.portMappings() }
        #expect(failure?.code.rawValue == code)
        #expect(failure?.message == "runtimeConfig.portMappings[1].\(message)")
    }

    @Test(
        "of another shape are refused",
        arguments: [("{}", "an object, not an array"), ("[1]", "a number, not an object")])
    func shapes(value: String, message: String) throws {
        let config = try config(#"{"portMappings":\#(value)}"#)
        let failure = failure { () throws(CNIError) in _ = try config.portMappings() }
        #expect(failure?.code == .decoding)
        #expect(failure?.message.hasSuffix(message) == true)
    }
}

@Suite("Bandwidth")
struct BandwidthTests {
    @Test("is read for each direction")
    func reads() throws {
        let limits = try config(
            #"{"bandwidth":{"ingressRate":1000,"ingressBurst":2000,"egressRate":3000,"egressBurst":4294967295}}"#
        ).bandwidth()
        #expect(
            limits
                == BandwidthLimits(
                    ingress: BandwidthLimits.Limit(rate: 1000, burst: 2000),
                    egress: BandwidthLimits.Limit(rate: 3000, burst: 4_294_967_295)))
        #expect(try limits.flatMap { try BandwidthLimits($0.json, field: "x") } == limits)
        let egress = try config(#"{"bandwidth":{"egressRate":8,"egressBurst":34359738359}}"#).bandwidth()
        #expect(egress == BandwidthLimits(egress: BandwidthLimits.Limit(rate: 8, burst: 34_359_738_359)))
    }

    @Test(
        "is not limited when nothing is said",
        arguments: [
            "{}", #"{"bandwidth":null}"#, #"{"bandwidth":{}}"#, #"{"bandwidth":{"ingressRate":0,"egressBurst":0}}"#,
        ])
    func none(text: String) throws {
        #expect(try config(text).bandwidth() == nil)
    }

    @Test(
        "that makes no sense is refused by field",
        arguments: [
            (#"{"ingressRate":1000}"#, 7, ".ingressBurst is missing: ingressRate alone lets nothing through"),
            (#"{"egressBurst":1000}"#, 7, ".egressRate is missing: egressBurst alone limits nothing"),
            (#"{"egressRate":7,"egressBurst":1000}"#, 7, ".egressRate is 7: at least 8 bits a second are due"),
            (
                #"{"egressRate":8,"egressBurst":34359738360}"#, 7,
                ".egressBurst is 34359738360: fewer than 34359738360 bits (4 GiB) are due"
            ),
            (#"{"ingressRate":-1}"#, 7, ".ingressRate is -1: a whole number of bits, 0 or more, is due"),
            (#"{"ingressRate":1e6}"#, 7, ".ingressRate is 1e6: a whole number of bits, 0 or more, is due"),
            (#"{"ingressRate":"1M"}"#, 6, ".ingressRate is a string, not a number"),
            (#"[]"#, 6, " is an array, not an object"),
        ] as [(String, UInt, String)])
    func refuses(value: String, code: UInt, message: String) throws {
        let config = try config(#"{"bandwidth":\#(value)}"#)
        let failure = failure { () throws(CNIError) in _ = try config.bandwidth() }
        #expect(failure?.code.rawValue == code)
        #expect(failure?.message == "runtimeConfig.bandwidth\(message)")
    }
}
