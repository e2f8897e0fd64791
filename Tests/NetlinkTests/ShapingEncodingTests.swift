import Netlink
import Testing

@Suite struct ShapingEncodingTests {
    @Test func bucketsSayTheirBurstInBytes() throws {
        let bucket = QueueDiscipline(
            interface: 7, kind: .tokenBucket(TokenBucket(rate: 125_000, burst: 4096, limit: 7221)))
        // tc qdisc add dev if7 root handle 1: tbf rate 125000bps burst 4096b limit 7221b
        let expected = hex(
            """
            60 00 00 00  24 00 05 06  01 00 00 00  00 00 00 00  # 96 bytes, RTM_NEWQDISC, REQUEST ACK CREATE EXCL, 1
            00 00 00 00  07 00 00 00  00 00 01 00  ff ff ff ff  # tcmsg: if7, handle 1:, root
            00 00 00 00
            08 00 01 00  74 62 66 00                            # TCA_KIND "tbf"
            34 00 02 80                                         # TCA_OPTIONS
            28 00 01 00                                         #   TCA_TBF_PARMS
            00 01 00 00  00 00 00 00  48 e8 01 00               #     rate: Ethernet, 125,000 bytes a second
            00 00 00 00  00 00 00 00  00 00 00 00               #     no peak rate
            35 1c 00 00  00 00 00 00  00 00 00 00               #     limit 7221; burst in ticks, none
            08 00 06 00  00 10 00 00                            #   TCA_TBF_BURST 4096
            """)
        #expect(try encoded(.addQueue(bucket)) == expected)
        #expect(
            "\(NetworkOperation.addQueue(bucket))"
                == "add qdisc dev if7 root handle 1: tbf rate 125000bps burst 4096b limit 7221b")
    }

    @Test func ratesBeyond32BitsHaveAnAttributeOfTheirOwn() throws {
        let bucket = QueueDiscipline(
            interface: 7, kind: .tokenBucket(TokenBucket(rate: 0x1_0000_0000, burst: 4096, limit: 7221)))
        let bytes = try encoded(.addQueue(bucket))
        // 28 00 01 00: TCA_TBF_PARMS; its rate is the largest that fits.
        #expect(bytes[60..<64] == [0xff, 0xff, 0xff, 0xff])
        // TCA_TBF_RATE64
        #expect(bytes[88..<100] == [0x0c, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0])
    }

    @Test func whatComesInGoesThroughAnotherLink() throws {
        // tc qdisc add dev if7 ingress
        #expect(
            try encoded(.addQueue(QueueDiscipline(interface: 7, kind: .ingress)))
                == hex(
                    """
                    30 00 00 00  24 00 05 06  01 00 00 00  00 00 00 00  # 48 bytes, RTM_NEWQDISC, REQUEST ACK CREATE EXCL
                    00 00 00 00  07 00 00 00  00 00 ff ff  f1 ff ff ff  # tcmsg: if7, handle ffff:, ingress
                    00 00 00 00
                    0c 00 01 00  69 6e 67 72  65 73 73 00               # TCA_KIND "ingress"
                    """))
        // tc filter add dev if7 parent ffff: protocol all prio 1 u32 match u32 0 0
        //   action mirred egress redirect dev if9
        let redirection = IngressRedirection(interface: 7, target: 9)
        let expected = hex(
            """
            8c 00 00 00  2c 00 05 06  01 00 00 00  00 00 00 00  # 140 bytes, RTM_NEWTFILTER, REQUEST ACK CREATE EXCL
            00 00 00 00  07 00 00 00  00 00 00 00  00 00 ff ff  # tcmsg: if7, any handle, parent ffff:
            00 03 01 00                                         #   ETH_P_ALL, priority 1
            08 00 01 00  75 33 32 00                            # TCA_KIND "u32"
            60 00 02 80                                         # TCA_OPTIONS
            38 00 07 80                                         #   TCA_U32_ACT
            34 00 01 80                                         #     the first
            0b 00 01 00  6d 69 72 72  65 64 00 00               #       TCA_ACT_KIND "mirred"
            24 00 02 80                                         #       TCA_ACT_OPTIONS
            20 00 02 00  00 00 00 00  00 00 00 00  04 00 00 00  #         TCA_MIRRED_PARMS: TC_ACT_STOLEN
            00 00 00 00  00 00 00 00  01 00 00 00  09 00 00 00  #           TCA_EGRESS_REDIR, if9
            24 00 05 00  01 00 01 00  00 00 00 00  00 00 00 00  #   TCA_U32_SEL: TC_U32_TERMINAL, 1 key
            00 00 00 00  00 00 00 00  00 00 00 00  00 00 00 00  #     the key: mask 0, value 0, offset 0
            00 00 00 00
            """)
        var bytes = try encoded(.addRedirection(redirection))
        // libmnl leaves the byte behind "mirred" as it was in the buffer.
        bytes[67] = 0
        #expect(bytes == expected)
    }

    @Test func ifbIsBornDownWithOneQueue() throws {
        // ip link add romi0 mtu 1400 group 7170 numtxqueues 1 numrxqueues 1 type ifb
        let expected = hex(
            """
            58 00 00 00  10 00 05 06  01 00 00 00  00 00 00 00  # 88 bytes, RTM_NEWLINK, REQUEST ACK CREATE EXCL, 1
            00 00 00 00  00 00 00 00  00 00 00 00  00 00 00 00  # ifinfomsg
            08 00 04 00  78 05 00 00                            # IFLA_MTU 1400
            0a 00 03 00  72 6f 6d 69  30 00 00 00               # IFLA_IFNAME "romi0"
            08 00 1f 00  01 00 00 00                            # IFLA_NUM_TX_QUEUES 1
            08 00 20 00  01 00 00 00                            # IFLA_NUM_RX_QUEUES 1
            08 00 1b 00  02 1c 00 00                            # IFLA_GROUP 7170
            0c 00 12 80                                         # IFLA_LINKINFO
            08 00 01 00  69 66 62 00                            #   IFLA_INFO_KIND "ifb"
            """)
        #expect(try encoded(.addIFB(IFBLink(name: "romi0", group: 7170, mtu: 1400))) == expected)
    }

    @Test(arguments: [TokenBucket(rate: 0, burst: 1, limit: 1), TokenBucket(rate: 1, burst: 0, limit: 1)])
    func bucketsThatLetNothingThroughAreRefused(bucket: TokenBucket) {
        #expect(throws: (any Error).self) {
            try encoded(.addQueue(QueueDiscipline(interface: 7, kind: .tokenBucket(bucket))))
        }
    }
}
