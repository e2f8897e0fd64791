import NIOCore
import NIOEmbedded
import Testing

@testable import Etcd

@Suite struct PingResponderTests {
    @Test func pingsAreAnsweredAndNotPassedOn() throws {
        let channel = EmbeddedChannel(handler: PingResponder(trouble: ChannelTrouble()))
        for _ in 0..<10_000 {
            try channel.writeInbound(ByteBuffer(bytes: PingFilterTests.ping + PingFilterTests.settings))
            #expect(try channel.readInbound(as: ByteBuffer.self) == ByteBuffer(bytes: PingFilterTests.settings))
            #expect(try channel.readInbound(as: ByteBuffer.self) == nil)
            #expect(try channel.readOutbound(as: ByteBuffer.self) == ByteBuffer(bytes: PingFilterTests.answer))
        }
        #expect(try channel.finish().isClean)
    }

    @Test func aServerThatPingsAndDoesNotReadIsGivenUp() throws {
        let trouble = ChannelTrouble()
        let channel = EmbeddedChannel(handler: PingResponder(trouble: trouble))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        channel.isWritable = false
        for _ in 0..<PingResponder.unreadLimit {
            try channel.writeInbound(ByteBuffer(bytes: PingFilterTests.ping))
        }
        #expect(channel.isActive)
        try channel.writeInbound(ByteBuffer(bytes: PingFilterTests.ping))
        channel.embeddedEventLoop.run()
        #expect(!channel.isActive)
        #expect(trouble.message == "the server sends PINGs and does not read the answers")
    }

    @Test func theFirstTroubleIsRemembered() throws {
        let trouble = ChannelTrouble()
        let channel = EmbeddedChannel(handler: PingResponder(trouble: trouble))
        channel.pipeline.fireErrorCaught(ChannelError.inputClosed)
        channel.pipeline.fireErrorCaught(ChannelError.alreadyClosed)
        #expect(trouble.message == "\(ChannelError.inputClosed)")
        #expect(throws: ChannelError.inputClosed) { try channel.throwIfErrorCaught() }
    }
}
