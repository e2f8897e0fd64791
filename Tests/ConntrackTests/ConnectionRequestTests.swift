import Addresses
import CLinux
import Testing

@testable import Conntrack
@testable import Netlink

@Suite struct ConnectionRequestTests {
    @Test func deletionNamesTheOriginalDirectionAndTheEntryItself() throws {
        let connection = try Connection.plain(
            .tcp, from: "10.0.0.1", 1024, to: "10.96.0.1", 80, answeredBy: ("10.0.0.2", 8080), id: 0x0102_0304)
        // conntrack -D -p tcp --orig-src 10.0.0.1 --orig-dst 10.96.0.1 --sport 1024 --dport 80 --id 0x01020304
        try expect(
            connection,
            """
            50 00 00 00  02 01 05 00  01 00 00 00  00 00 00 00  # 80 bytes, CTNETLINK CT_DELETE, REQUEST ACK, 1
            02 00 00 00                                         # nfgenmsg: INET
            34 00 01 80                                         # CTA_TUPLE_ORIG
            14 00 01 80                                         #   CTA_TUPLE_IP
            08 00 01 00  0a 00 00 01                            #     CTA_IP_V4_SRC
            08 00 02 00  0a 60 00 01                            #     CTA_IP_V4_DST
            1c 00 02 80                                         #   CTA_TUPLE_PROTO
            05 00 01 00  06 -- -- --                            #     CTA_PROTO_NUM tcp
            06 00 02 00  04 00 -- --                            #     CTA_PROTO_SRC_PORT 1024
            06 00 03 00  00 50 -- --                            #     CTA_PROTO_DST_PORT 80
            08 00 0c 00  01 02 03 04                            # CTA_ID
            """)
    }

    @Test func deletionOfAnEchoNamesItsZones() throws {
        let one = try IPAddress(parsing: "fd00::1")
        let two = try IPAddress(parsing: "fd00::2")
        let connection = Connection(
            original: ConnectionTuple(
                source: one, destination: two, transport: .icmpv6,
                discriminator: .message(type: 128, code: 0, id: 9), zone: 5),
            reply: ConnectionTuple(
                source: two, destination: one, transport: .icmpv6, discriminator: .message(type: 129, code: 0, id: 9)),
            zone: 6, id: 1)
        // conntrack -D -p icmpv6 --orig-src fd00::1 --orig-dst fd00::2 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 9
        //   --orig-zone 5 --zone 6 --id 1
        try expect(
            connection,
            """
            80 00 00 00  02 01 05 00  01 00 00 00  00 00 00 00  # 128 bytes, CTNETLINK CT_DELETE, REQUEST ACK, 1
            0a 00 00 00                                         # nfgenmsg: INET6
            5c 00 01 80                                         # CTA_TUPLE_ORIG
            2c 00 01 80                                         #   CTA_TUPLE_IP
            14 00 03 00  fd 00 00 00  00 00 00 00  00 00 00 00  #     CTA_IP_V6_SRC
            00 00 00 01
            14 00 04 00  fd 00 00 00  00 00 00 00  00 00 00 00  #     CTA_IP_V6_DST
            00 00 00 02
            24 00 02 80                                         #   CTA_TUPLE_PROTO
            05 00 01 00  3a -- -- --                            #     CTA_PROTO_NUM icmpv6
            05 00 08 00  80 -- -- --                            #     CTA_PROTO_ICMPV6_TYPE 128
            05 00 09 00  00 -- -- --                            #     CTA_PROTO_ICMPV6_CODE 0
            06 00 07 00  00 09 -- --                            #     CTA_PROTO_ICMPV6_ID 9
            06 00 03 00  00 05 -- --                            #   CTA_TUPLE_ZONE 5
            06 00 12 00  00 06 -- --                            # CTA_ZONE 6
            08 00 0c 00  00 00 00 01                            # CTA_ID
            """)
    }

    @Test func theKernelIsAskedForOneEndOnly() throws {
        // conntrack -L -f ipv4 --orig-src 10.0.0.1
        let initiator = """
            38 00 00 00  01 01 05 03  01 00 00 00  00 00 00 00  # 56 bytes, CTNETLINK CT_GET, REQUEST ACK DUMP, 1
            02 00 00 00                                         # nfgenmsg: INET
            10 00 01 80                                         # CTA_TUPLE_ORIG
            0c 00 01 80                                         #   CTA_TUPLE_IP
            08 00 01 00  0a 00 00 01                            #     CTA_IP_V4_SRC
            14 00 19 80                                         # CTA_FILTER
            08 00 01 00  01 00 00 00                            #   CTA_FILTER_ORIG_FLAGS: source address
            08 00 02 00  00 00 00 00                            #   CTA_FILTER_REPLY_FLAGS: nothing
            """
        let address = try IPAddress(parsing: "10.0.0.1")
        #expect(try asked { ConnectionRequest.list(.initiator(address), into: $0) } == hex(initiator))
        // conntrack -L -f ipv4 --reply-src 10.0.0.1
        let destination = """
            38 00 00 00  01 01 05 03  01 00 00 00  00 00 00 00  # 56 bytes, CTNETLINK CT_GET, REQUEST ACK DUMP, 1
            02 00 00 00                                         # nfgenmsg: INET
            10 00 02 80                                         # CTA_TUPLE_REPLY
            0c 00 01 80                                         #   CTA_TUPLE_IP
            08 00 01 00  0a 00 00 01                            #     CTA_IP_V4_SRC
            14 00 19 80                                         # CTA_FILTER
            08 00 01 00  00 00 00 00                            #   CTA_FILTER_ORIG_FLAGS: nothing
            08 00 02 00  01 00 00 00                            #   CTA_FILTER_REPLY_FLAGS: source address
            """
        #expect(try asked { ConnectionRequest.list(.destination(address), into: $0) } == hex(destination))
        // conntrack -L
        let everything = """
            14 00 00 00  01 01 05 03  01 00 00 00  00 00 00 00  # 20 bytes, CTNETLINK CT_GET, REQUEST ACK DUMP, 1
            00 00 00 00                                         # nfgenmsg: any family
            """
        #expect(try asked { ConnectionRequest.list(nil, into: $0) } == hex(everything))
    }

    private func expect(_ deletion: Connection, _ text: String) throws {
        let buffer = try RequestBuffer()
        try ConnectionDeletion(connection: deletion).encode(into: buffer, owner: 0)
        #expect(withoutPadding(Array(buffer.bytes()), as: text) == hex(text))
    }

    private func asked(_ build: (UnsafeMutablePointer<nlmsghdr>) -> Void) throws -> [UInt8] {
        let buffer = try RequestBuffer()
        try buffer.append(type: ConnectionRequest.get, flags: NLM_F_DUMP, owner: 0, build)
        return Array(buffer.bytes())
    }
}
