import Addresses
import Netlink
import Testing

@Suite struct RouteEncodingTests {
    static let cases: [(text: String, bytes: String)] = [
        (
            "replace route 10.2.0.0/28 via 10.0.0.7 table 10 proto 71",
            """
            34 00 00 00  18 00 05 05  01 00 00 00  00 00 00 00  # 52 bytes, RTM_NEWROUTE, REQUEST ACK REPLACE CREATE
            02 1c 00 00  0a 47 00 01  00 00 00 00               # rtmsg: INET, /28, table 10, proto 71, unicast
            08 00 0f 00  0a 00 00 00                            # RTA_TABLE 10
            08 00 01 00  0a 02 00 00                            # RTA_DST
            08 00 05 00  0a 00 00 07                            # RTA_GATEWAY
            """
        ),
        (
            "replace route unreachable 10.2.0.0/28 table 10 proto 71",
            """
            2c 00 00 00  18 00 05 05  01 00 00 00  00 00 00 00  # 44 bytes, RTM_NEWROUTE, REQUEST ACK REPLACE CREATE
            02 1c 00 00  0a 47 00 07  00 00 00 00               # rtmsg: INET, /28, table 10, proto 71, unreachable
            08 00 0f 00  0a 00 00 00                            # RTA_TABLE 10
            08 00 01 00  0a 02 00 00                            # RTA_DST
            """
        ),
        (
            "replace route default via fe80::1 dev if7 onlink",
            """
            54 00 00 00  18 00 05 05  01 00 00 00  00 00 00 00  # 84 bytes, RTM_NEWROUTE, REQUEST ACK REPLACE CREATE
            0a 00 00 00  fe 04 00 01  04 00 00 00               # rtmsg: INET6, /0, main, static, unicast, ONLINK
            08 00 0f 00  fe 00 00 00                            # RTA_TABLE 254
            14 00 01 00  00 00 00 00  00 00 00 00  00 00 00 00  # RTA_DST ::
            00 00 00 00
            14 00 05 00  fe 80 00 00  00 00 00 00  00 00 00 00  # RTA_GATEWAY fe80::1
            00 00 00 01
            08 00 04 00  07 00 00 00                            # RTA_OIF 7
            """
        ),
        (
            "replace route 10.2.0.0/28 via inet6 fe80::1 dev if7 table 1000 src 10.1.2.3 metric 5 mtu 1400",
            """
            68 00 00 00  18 00 05 05  01 00 00 00  00 00 00 00  # 104 bytes, RTM_NEWROUTE, REQUEST ACK REPLACE CREATE
            02 1c 00 00  e8 04 00 01  00 00 00 00               # rtmsg: INET, /28, table 1000 cut short, static
            08 00 0f 00  e8 03 00 00                            # RTA_TABLE 1000
            08 00 01 00  0a 02 00 00                            # RTA_DST
            08 00 06 00  05 00 00 00                            # RTA_PRIORITY 5
            08 00 07 00  0a 01 02 03                            # RTA_PREFSRC
            0c 00 08 80  08 00 02 00  78 05 00 00               # RTA_METRICS: RTAX_MTU 1400
            08 00 04 00  07 00 00 00                            # RTA_OIF 7
            16 00 12 00  0a 00 fe 80  00 00 00 00  00 00 00 00  # RTA_VIA INET6 fe80::1
            00 00 00 00  00 01 00 00
            """
        ),
        (
            "delete route 10.1.2.3/32 dev if7 table 10 proto 71",
            """
            34 00 00 00  19 00 05 00  01 00 00 00  00 00 00 00  # 52 bytes, RTM_DELROUTE, REQUEST ACK
            02 20 00 00  0a 47 fd 01  00 00 00 00               # rtmsg: INET, /32, table 10, proto 71, link, unicast
            08 00 0f 00  0a 00 00 00                            # RTA_TABLE 10
            08 00 01 00  0a 01 02 03                            # RTA_DST
            08 00 04 00  07 00 00 00                            # RTA_OIF 7
            """
        ),
    ]

    static func operations() throws -> [NetworkOperation] {
        let block = try IPPrefix(parsing: "10.2.0.0/28")
        let gateway6 = try IPAddress(parsing: "fe80::1")
        return [
            .replaceRoute(
                Route(destination: block, gateway: try IPAddress(parsing: "10.0.0.7"), table: 10, routeProtocol: 71)),
            .replaceRoute(Route(destination: block, table: 10, routeProtocol: 71, kind: .unreachable)),
            .replaceRoute(
                Route(destination: try IPPrefix(parsing: "::/0"), gateway: gateway6, interface: 7, onlink: true)),
            .replaceRoute(
                Route(
                    destination: block, gateway: gateway6, interface: 7, table: 1000,
                    preferredSource: try IPAddress(parsing: "10.1.2.3"), mtu: 1400, metric: 5)),
            .deleteRoute(
                Route(
                    destination: try IPPrefix(parsing: "10.1.2.3/32"), interface: 7, table: 10, routeProtocol: 71)),
        ]
    }

    @Test(arguments: 0..<5)
    func encodesAndPrints(number: Int) throws {
        let operation = try Self.operations()[number]
        #expect(operation.description == Self.cases[number].text)
        #expect(try encoded(operation) == hex(Self.cases[number].bytes))
    }
}
