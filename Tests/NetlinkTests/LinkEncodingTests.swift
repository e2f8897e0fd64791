import Addresses
import Netlink
import Testing

@Suite struct LinkEncodingTests {
    @Test func vethIsBornInThePodsNamespace() throws {
        let pair = VethPair(
            hostName: "rom0", hostMAC: MACAddress(0xee, 0xee, 0xee, 0xee, 0xee, 0xee), group: 7170, mtu: 1400,
            peerName: "eth0", peerMAC: MACAddress(2, 0, 0, 0, 0, 1), peerNamespace: 9)
        // ip link add rom0 address ee:ee:ee:ee:ee:ee mtu 1400 group 7170 numtxqueues 1 numrxqueues 1 up type veth
        //   peer name eth0 address 02:00:00:00:00:01 mtu 1400 numtxqueues 1 numrxqueues 1 netns 9
        let expected = hex(
            """
            b8 00 00 00  10 00 05 06  01 00 00 00  00 00 00 00  # 184 bytes, RTM_NEWLINK, REQUEST ACK CREATE EXCL, 1
            00 00 00 00  00 00 00 00  01 00 00 00  01 00 00 00  # ifinfomsg: flags UP, change UP
            0a 00 01 00  ee ee ee ee  ee ee 00 00               # IFLA_ADDRESS
            08 00 04 00  78 05 00 00                            # IFLA_MTU 1400
            09 00 03 00  72 6f 6d 30  00 00 00 00               # IFLA_IFNAME "rom0"
            08 00 1f 00  01 00 00 00                            # IFLA_NUM_TX_QUEUES 1
            08 00 20 00  01 00 00 00                            # IFLA_NUM_RX_QUEUES 1
            08 00 1b 00  02 1c 00 00                            # IFLA_GROUP 7170
            60 00 12 80                                         # IFLA_LINKINFO
            09 00 01 00  76 65 74 68  00 00 00 00               #   IFLA_INFO_KIND "veth"
            50 00 02 80                                         #   IFLA_INFO_DATA
            4c 00 01 80                                         #     VETH_INFO_PEER
            00 00 00 00  00 00 00 00  00 00 00 00  00 00 00 00  #       ifinfomsg
            0a 00 01 00  02 00 00 00  00 01 00 00               #       IFLA_ADDRESS
            08 00 04 00  78 05 00 00                            #       IFLA_MTU 1400
            09 00 03 00  65 74 68 30  00 00 00 00               #       IFLA_IFNAME "eth0"
            08 00 1f 00  01 00 00 00                            #       IFLA_NUM_TX_QUEUES 1
            08 00 20 00  01 00 00 00                            #       IFLA_NUM_RX_QUEUES 1
            08 00 1c 00  09 00 00 00                            #       IFLA_NET_NS_FD 9
            """)
        #expect(try encoded(.addVeth(pair)) == expected)
    }

    @Test func addressGenerationIsSetBeforeTheLinkComesUp() throws {
        let change = LinkChange(index: 7, isUp: true, alias: "pod", addressGeneration: AddressGeneration.none)
        // ip link set dev if7 addrgenmode none; ip link set dev if7 up alias pod
        let expected = hex(
            """
            30 00 00 00  10 00 01 00  01 00 00 00  00 00 00 00  # 48 bytes, RTM_NEWLINK, REQUEST, 1
            00 00 00 00  07 00 00 00  00 00 00 00  00 00 00 00  # ifinfomsg: index 7
            10 00 1a 80                                         # IFLA_AF_SPEC
            0c 00 0a 80                                         #   AF_INET6
            05 00 08 00  01 00 04 00                            #     IFLA_INET6_ADDR_GEN_MODE none
            28 00 00 00  10 00 05 00  02 00 00 00  00 00 00 00  # 40 bytes, RTM_NEWLINK, REQUEST ACK, 2
            00 00 00 00  07 00 00 00  01 00 00 00  01 00 00 00  # ifinfomsg: index 7, flags UP, change UP
            08 00 14 00  70 6f 64 00                            # IFLA_IFALIAS "pod"
            """)
        #expect(withoutPadding(try encoded(.setLink(change))) == withoutPadding(expected))
    }

    @Test func retirementIsOneRequest() throws {
        // ip link set dev if7 down group 7171
        let expected = hex(
            """
            28 00 00 00  10 00 05 00  01 00 00 00  00 00 00 00  # 40 bytes, RTM_NEWLINK, REQUEST ACK, 1
            00 00 00 00  07 00 00 00  00 00 00 00  01 00 00 00  # ifinfomsg: index 7, flags none, change UP
            08 00 1b 00  03 1c 00 00                            # IFLA_GROUP 7171
            """)
        #expect(try encoded(.setLink(LinkChange(index: 7, isUp: false, group: 7171))) == expected)
    }

    @Test func deletionsNameNumberNameOrGroup() throws {
        // ip link delete dev if7
        #expect(
            try encoded(.deleteLink(index: 7))
                == hex(
                    """
                    20 00 00 00  11 00 05 00  01 00 00 00  00 00 00 00  # 32 bytes, RTM_DELLINK, REQUEST ACK, 1
                    00 00 00 00  07 00 00 00  00 00 00 00  00 00 00 00  # ifinfomsg: index 7
                    """))
        // ip link delete rom0
        #expect(
            try encoded(.deleteLinkNamed("rom0"))
                == hex(
                    """
                    2c 00 00 00  11 00 05 00  01 00 00 00  00 00 00 00  # 44 bytes, RTM_DELLINK, REQUEST ACK, 1
                    00 00 00 00  00 00 00 00  00 00 00 00  00 00 00 00  # ifinfomsg
                    09 00 03 00  72 6f 6d 30  00 00 00 00               # IFLA_IFNAME "rom0"
                    """))
        // ip link delete group 7171
        #expect(
            try encoded(.deleteLinkGroup(7171))
                == hex(
                    """
                    28 00 00 00  11 00 05 00  01 00 00 00  00 00 00 00  # 40 bytes, RTM_DELLINK, REQUEST ACK, 1
                    00 00 00 00  00 00 00 00  00 00 00 00  00 00 00 00  # ifinfomsg
                    08 00 1b 00  03 1c 00 00                            # IFLA_GROUP 7171
                    """))
    }

    @Test(arguments: ["", "sixteen-letters-", "with\0zero"])
    func namesThatLibnlWouldCutAreRefused(name: String) {
        #expect(throws: (any Error).self) { try encoded(.deleteLinkNamed(name)) }
    }

    @Test func aliasOfMoreThan255BytesIsRefused() {
        #expect(throws: (any Error).self) {
            try encoded(.setLink(LinkChange(index: 7, alias: String(repeating: "a", count: 256))))
        }
    }

    /// libmnl leaves the three bytes behind a one-byte attribute as they were in the buffer.
    private func withoutPadding(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes.replaceSubrange(45..<48, with: [0, 0, 0])
        return bytes
    }
}
