import Addresses
import Testing

@testable import Conntrack
@testable import Netlink

@Suite struct ConnectionDecodingTests {
    static let translated = """
        b4 00 00 00  00 01 02 00  07 00 00 00  00 00 00 00  # 180 bytes, CTNETLINK CT_NEW, MULTI, 7
        02 00 00 00                                         # nfgenmsg: INET
        34 00 01 80                                         # CTA_TUPLE_ORIG
        14 00 01 80                                         #   CTA_TUPLE_IP
        08 00 01 00  0a 00 00 01                            #     CTA_IP_V4_SRC
        08 00 02 00  0a 60 00 01                            #     CTA_IP_V4_DST
        1c 00 02 80                                         #   CTA_TUPLE_PROTO
        05 00 01 00  06 00 00 00                            #     CTA_PROTO_NUM tcp
        06 00 02 00  04 00 00 00                            #     CTA_PROTO_SRC_PORT 1024
        06 00 03 00  00 50 00 00                            #     CTA_PROTO_DST_PORT 80
        34 00 02 80                                         # CTA_TUPLE_REPLY
        14 00 01 80                                         #   CTA_TUPLE_IP
        08 00 01 00  0a 00 00 02                            #     CTA_IP_V4_SRC
        08 00 02 00  0a 00 00 01                            #     CTA_IP_V4_DST
        1c 00 02 80                                         #   CTA_TUPLE_PROTO
        05 00 01 00  06 00 00 00                            #     CTA_PROTO_NUM tcp
        06 00 02 00  1f 90 00 00                            #     CTA_PROTO_SRC_PORT 8080
        06 00 03 00  04 00 00 00                            #     CTA_PROTO_DST_PORT 1024
        08 00 03 00  00 00 01 8e                            # CTA_STATUS
        08 00 07 00  00 06 97 80                            # CTA_TIMEOUT
        10 00 04 80  0c 00 01 80  05 00 01 00  03 00 00 00  # CTA_PROTOINFO: CTA_PROTOINFO_TCP: state
        08 00 0c 00  01 02 03 04                            # CTA_ID
        06 00 12 00  00 05 00 00                            # CTA_ZONE 5
        08 00 0b 00  00 00 00 01                            # CTA_USE
        """

    @Test func whoAnswersIsReadFromTheReplies() throws {
        let connection = try #require(read(Self.translated))
        #expect(
            connection.description == "tcp 10.0.0.1:1024 -> 10.96.0.1:80 (answered by 10.0.0.2 port 8080)")
        #expect(connection.initiator == (try IPAddress(parsing: "10.0.0.1")))
        #expect(connection.destination == (try IPAddress(parsing: "10.0.0.2")))
        #expect(connection.initiatorPort == 1024)
        #expect(connection.destinationPort == 8080)
        #expect(connection.id == 0x0102_0304)
        #expect(connection.zone == 5)
    }

    @Test func echoesHaveNoPorts() throws {
        let connection = try #require(
            read(
                """
                94 00 00 00  00 01 02 00  07 00 00 00  00 00 00 00  # 148 bytes, CTNETLINK CT_NEW, MULTI, 7
                02 00 00 00                                         # nfgenmsg: INET
                3c 00 01 80                                         # CTA_TUPLE_ORIG
                14 00 01 80  08 00 01 00  0a 00 00 01               #   CTA_TUPLE_IP: 10.0.0.1
                08 00 02 00  0a 00 00 02                            #     to 10.0.0.2
                24 00 02 80  05 00 01 00  01 00 00 00               #   CTA_TUPLE_PROTO: icmp
                06 00 04 00  00 09 00 00                            #     CTA_PROTO_ICMP_ID 9
                05 00 05 00  08 00 00 00  05 00 06 00  00 00 00 00  #     CTA_PROTO_ICMP_TYPE 8, CODE 0
                3c 00 02 80                                         # CTA_TUPLE_REPLY
                14 00 01 80  08 00 01 00  0a 00 00 02               #   CTA_TUPLE_IP: 10.0.0.2
                08 00 02 00  0a 00 00 01                            #     to 10.0.0.1
                24 00 02 80  05 00 01 00  01 00 00 00               #   CTA_TUPLE_PROTO: icmp
                06 00 04 00  00 09 00 00                            #     CTA_PROTO_ICMP_ID 9
                05 00 05 00  00 00 00 00  05 00 06 00  00 00 00 00  #     CTA_PROTO_ICMP_TYPE 0, CODE 0
                08 00 0c 00  00 00 00 01                            # CTA_ID
                """))
        #expect(connection.description == "icmp 10.0.0.1 -> 10.0.0.2 type 8 code 0 id 9")
        #expect(connection.initiatorPort == nil && connection.destinationPort == nil)
    }

    @Test func whatIsNoConnectionIsPassedOver() {
        // Another kind of message, half a tuple, and a tuple cut short.
        var other = hex(Self.translated)
        other[4] = 2
        var half = Array(hex(Self.translated).prefix(72))
        half[0] = 72
        var short = hex(Self.translated)
        short[24] = 8
        for bytes in [other, half, short] {
            bytes.withUnsafeBytes { bytes in
                for reply in ReplyList(bytes) { #expect(Connection(reply) == nil) }
            }
        }
    }

    private func read(_ text: String) -> Connection? {
        hex(text).withUnsafeBytes { bytes in ReplyList(bytes).lazy.compactMap { Connection($0) }.first }
    }
}
