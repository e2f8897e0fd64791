import Addresses
import CNIProtocol
import Testing

@Suite("CNI result")
struct CNIResultTests {
    static func sample() throws -> CNIResult {
        let four = try IPAddress(parsing: "10.112.0.5")
        let six = try IPAddress(parsing: "fd00::5")
        let gateway = try IPAddress(parsing: "169.254.1.1")
        return CNIResult(
            interfaces: [
                .init(name: "rom0123456789ab", mac: "ee:ee:ee:ee:ee:ee", mtu: 1500),
                .init(name: "eth0", mac: "02:00:00:00:00:01", mtu: 1500, sandbox: "/run/netns/x"),
            ],
            ips: [.init(address: four, gateway: gateway, interface: 1), .init(address: six, interface: 1)],
            routes: [
                .init(destination: try IPPrefix(parsing: "0.0.0.0/0"), gateway: gateway),
                .init(destination: try IPPrefix(parsing: "fd00::/8"), mtu: 1400, priority: 5),
            ])
    }

    @Test(
        "before 1.0.0 addresses carry their version; MTUs appear at 1.1.0",
        arguments: [
            (
                CNIVersion.v0_4_0,
                #"""
                {"cniVersion":"0.4.0","interfaces":[{"name":"rom0123456789ab","mac":"ee:ee:ee:ee:ee:ee"},\#
                {"name":"eth0","mac":"02:00:00:00:00:01","sandbox":"/run/netns/x"}],\#
                "ips":[{"version":"4","interface":1,"address":"10.112.0.5/32","gateway":"169.254.1.1"},\#
                {"version":"6","interface":1,"address":"fd00::5/128"}],\#
                "routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"},{"dst":"fd00::/8"}]}
                """#
            ),
            (
                .v1_0_0,
                #"""
                {"cniVersion":"1.0.0","interfaces":[{"name":"rom0123456789ab","mac":"ee:ee:ee:ee:ee:ee"},\#
                {"name":"eth0","mac":"02:00:00:00:00:01","sandbox":"/run/netns/x"}],\#
                "ips":[{"interface":1,"address":"10.112.0.5/32","gateway":"169.254.1.1"},\#
                {"interface":1,"address":"fd00::5/128"}],\#
                "routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"},{"dst":"fd00::/8"}]}
                """#
            ),
            (
                .v1_1_0,
                #"""
                {"cniVersion":"1.1.0","interfaces":[{"name":"rom0123456789ab","mac":"ee:ee:ee:ee:ee:ee","mtu":1500},\#
                {"name":"eth0","mac":"02:00:00:00:00:01","mtu":1500,"sandbox":"/run/netns/x"}],\#
                "ips":[{"interface":1,"address":"10.112.0.5/32","gateway":"169.254.1.1"},\#
                {"interface":1,"address":"fd00::5/128"}],\#
                "routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"},{"dst":"fd00::/8","mtu":1400,"priority":5}]}
                """#
            ),
        ])
    func writes(version: CNIVersion, text: String) throws {
        #expect(String(decoding: try Self.sample().json(version: version), as: UTF8.self) == text)
    }

    @Test("the newest version reads back whole")
    func roundTrip() throws {
        var result = try Self.sample()
        result.dns = .init(
            nameservers: ["10.96.0.10"], domain: "cluster.local", search: ["a", "b"], options: ["ndots:5"])
        #expect(try CNIResult(parsing: JSONValue(parsing: result.json(version: .v1_1_0))) == result)
    }

    @Test("older results are read too, whatever else they hold", arguments: CNIVersion.supported)
    func readsOlder(version: CNIVersion) throws {
        let result = try Self.sample()
        let read = try CNIResult(parsing: JSONValue(parsing: result.json(version: version)))
        #expect(read.ips == result.ips)
        #expect(read.interfaces.map(\.sandbox) == [nil, "/run/netns/x"])
        #expect(try CNIResult(parsing: ["cniVersion": "1.0.0", "foreign": 1, "dns": .null]) == CNIResult())
    }

    @Test("an address keeps its host bits")
    func hostBits() throws {
        let read = try CNIResult(parsing: ["ips": [["address": "10.0.0.5/24", "gateway": "10.0.0.1"]]])
        #expect(read.ips.first?.address.description == "10.0.0.5")
        #expect(read.ips.first?.prefixLength == 24)
    }

    @Test(
        "what is not a result is refused with its place",
        arguments: [
            ("[]", "result"), (#"{"ips":{}}"#, "result.ips"), (#"{"ips":[{}]}"#, "result.ips[0]"),
            (#"{"ips":[{"address":"10.0.0.1"}]}"#, "result.ips[0]"),
            (#"{"ips":[{"address":"10.0.0.1/33"}]}"#, "result.ips[0]"),
            (#"{"ips":[{"address":"10.0.0.1/24","gateway":"x"}]}"#, "result.ips[0]"),
            (#"{"ips":[{"address":"10.0.0.1/24","interface":"0"}]}"#, "result.ips[0].interface"),
            (#"{"ips":[{"address":"10.0.0.1/24","interface":0}]}"#, "ips[0]"),
            (#"{"ips":[{"address":"10.0.0.1/24","interface":-1}]}"#, "ips[0]"),
            (#"{"interfaces":[{"mac":"x"}]}"#, "result.interfaces[0]"),
            (#"{"routes":[{"dst":"10.0.0.1/x"}]}"#, "result.routes[0]"),
            (#"{"dns":{"search":[1]}}"#, "result.dns.search[0]"),
        ])
    func refuses(text: String, place: String) throws {
        let document = try JSONValue(parsing: text)
        let error = #expect(throws: CNIError.self) { try CNIResult(parsing: document) }
        #expect(error?.code == .decoding)
        #expect(error?.message.contains(place) == true, "\(String(describing: error))")
    }
}
