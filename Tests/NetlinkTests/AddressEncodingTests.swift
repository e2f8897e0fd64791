import Addresses
import Netlink
import Testing

/// Addresses, neighbours and rules.
@Suite struct AddressEncodingTests {
    static let cases: [(text: String, bytes: String)] = [
        (
            "add address 10.1.2.3/32 dev if7",
            """
            28 00 00 00  14 00 05 06  01 00 00 00  00 00 00 00  # 40 bytes, RTM_NEWADDR, REQUEST ACK CREATE EXCL
            02 20 00 00  07 00 00 00                            # ifaddrmsg: INET, /32, global, index 7
            08 00 02 00  0a 01 02 03                            # IFA_LOCAL
            08 00 01 00  0a 01 02 03                            # IFA_ADDRESS
            """
        ),
        (
            "add address fd00::3/128 dev if7 nodad",
            """
            40 00 00 00  14 00 05 06  01 00 00 00  00 00 00 00  # 64 bytes, RTM_NEWADDR, REQUEST ACK CREATE EXCL
            0a 80 02 00  07 00 00 00                            # ifaddrmsg: INET6, /128, NODAD, global, index 7
            14 00 02 00  fd 00 00 00  00 00 00 00  00 00 00 00  # IFA_LOCAL
            00 00 00 03
            14 00 01 00  fd 00 00 00  00 00 00 00  00 00 00 00  # IFA_ADDRESS
            00 00 00 03
            """
        ),
        (
            "delete address 10.1.2.3/32 dev if7",
            """
            28 00 00 00  15 00 05 00  01 00 00 00  00 00 00 00  # 40 bytes, RTM_DELADDR, REQUEST ACK
            02 20 00 00  07 00 00 00                            # ifaddrmsg: INET, /32, index 7
            08 00 02 00  0a 01 02 03                            # IFA_LOCAL
            08 00 01 00  0a 01 02 03                            # IFA_ADDRESS
            """
        ),
        (
            "replace neighbour 10.1.2.3 lladdr 02:00:00:00:00:01 dev if7 nud permanent",
            """
            30 00 00 00  1c 00 05 05  01 00 00 00  00 00 00 00  # 48 bytes, RTM_NEWNEIGH, REQUEST ACK REPLACE CREATE
            02 00 00 00  07 00 00 00  80 00 00 00               # ndmsg: INET, index 7, PERMANENT
            08 00 01 00  0a 01 02 03                            # NDA_DST
            0a 00 02 00  02 00 00 00  00 01 00 00               # NDA_LLADDR
            """
        ),
        (
            "delete neighbour fd00::3 lladdr 02:00:00:00:00:01 dev if7 nud permanent",
            """
            30 00 00 00  1d 00 05 00  01 00 00 00  00 00 00 00  # 48 bytes, RTM_DELNEIGH, REQUEST ACK
            0a 00 00 00  07 00 00 00  80 00 00 00               # ndmsg: INET6, index 7
            14 00 01 00  fd 00 00 00  00 00 00 00  00 00 00 00  # NDA_DST
            00 00 00 03
            """
        ),
        (
            "add rule ipv4 priority 32700 lookup 10 protocol 71",
            """
            34 00 00 00  20 00 05 06  01 00 00 00  00 00 00 00  # 52 bytes, RTM_NEWRULE, REQUEST ACK CREATE EXCL
            02 00 00 00  0a 00 00 01  00 00 00 00               # fib_rule_hdr: INET, table 10, to a table
            08 00 0f 00  0a 00 00 00                            # FRA_TABLE 10
            08 00 06 00  bc 7f 00 00                            # FRA_PRIORITY 32700
            05 00 15 00  47 00 00 00                            # FRA_PROTOCOL 71
            """
        ),
        (
            "add rule priority 100 from fd00::/8 fwmark 0x5 lookup 1000 protocol 4",
            """
            58 00 00 00  20 00 05 06  01 00 00 00  00 00 00 00  # 88 bytes, RTM_NEWRULE, REQUEST ACK CREATE EXCL
            0a 00 08 00  e8 00 00 01  00 00 00 00               # fib_rule_hdr: INET6, from a /8, to a table
            08 00 0f 00  e8 03 00 00                            # FRA_TABLE 1000
            14 00 02 00  fd 00 00 00  00 00 00 00  00 00 00 00  # FRA_SRC fd00::
            00 00 00 00
            08 00 06 00  64 00 00 00                            # FRA_PRIORITY 100
            08 00 0a 00  05 00 00 00                            # FRA_FWMARK 5
            08 00 10 00  ff ff ff ff                            # FRA_FWMASK
            05 00 15 00  04 00 00 00                            # FRA_PROTOCOL 4
            """
        ),
        (
            "delete rule ipv4 priority 32700 lookup 10 protocol 71",
            """
            34 00 00 00  21 00 05 00  01 00 00 00  00 00 00 00  # 52 bytes, RTM_DELRULE, REQUEST ACK
            02 00 00 00  0a 00 00 01  00 00 00 00               # fib_rule_hdr: INET, table 10, to a table
            08 00 0f 00  0a 00 00 00                            # FRA_TABLE 10
            08 00 06 00  bc 7f 00 00                            # FRA_PRIORITY 32700
            05 00 15 00  47 00 00 00                            # FRA_PROTOCOL 71
            """
        ),
    ]

    static func operations() throws -> [NetworkOperation] {
        let v4 = try IPAddress(parsing: "10.1.2.3")
        let v6 = try IPAddress(parsing: "fd00::3")
        let mac = MACAddress(2, 0, 0, 0, 0, 1)
        let rule = RoutingRule(family: .ipv4, table: 10, priority: 32700, routeProtocol: 71)
        return [
            .addAddress(InterfaceAddress(interface: 7, address: v4, prefixLength: 32)),
            .addAddress(InterfaceAddress(interface: 7, address: v6, prefixLength: 128, noDAD: true)),
            .deleteAddress(InterfaceAddress(interface: 7, address: v4, prefixLength: 32)),
            .replaceNeighbour(Neighbour(interface: 7, address: v4, mac: mac)),
            .deleteNeighbour(Neighbour(interface: 7, address: v6, mac: mac)),
            .addRule(rule),
            .addRule(
                RoutingRule(
                    family: .ipv6, table: 1000, priority: 100, source: try IPPrefix(parsing: "fd00::/8"), mark: 5)),
            .deleteRule(rule),
        ]
    }

    @Test(arguments: 0..<8)
    func encodesAndPrints(number: Int) throws {
        let operation = try Self.operations()[number]
        #expect(operation.description == Self.cases[number].text)
        #expect(try encoded(operation) == hex(Self.cases[number].bytes))
    }
}
