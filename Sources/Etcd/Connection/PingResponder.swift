internal import NIOCore
internal import Synchronization

/// Answers PING frames ahead of the HTTP/2 code, which never sees them.
///
/// etcd (grpc-go) sends a PING with nearly every request that it reads, to measure the path; swift-nio-http2 closes
/// a connection after 200 control frames in 30 seconds, and gRPC offers no way to raise that.
final class PingResponder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How many answers may wait for a server that does not read them before it is given up.
    static let unreadLimit = 1000

    private var filter = PingFilter()
    private var unread = 0
    private var needsFlush = false
    private let trouble: ChannelTrouble

    init(trouble: ChannelTrouble) {
        self.trouble = trouble
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        filter.read(
            unwrapInboundIn(data),
            forward: { context.fireChannelRead(wrapInboundOut($0)) },
            ping: { answer($0, context: context) })
    }

    private func answer(_ data: UInt64, context: ChannelHandlerContext) {
        if context.channel.isWritable {
            unread = 0
        } else {
            unread += 1
        }
        guard unread <= Self.unreadLimit else {
            trouble.note("the server sends PINGs and does not read the answers")
            context.close(promise: nil)
            return
        }
        context.write(wrapOutboundOut(PingFilter.answer(data, from: context.channel.allocator)), promise: nil)
        needsFlush = true
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if needsFlush {
            needsFlush = false
            context.flush()
        }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        trouble.note("\(error)")
        context.fireErrorCaught(error)
    }
}

/// The first thing that went wrong on a channel: gRPC says only that it was closed.
final class ChannelTrouble: Sendable {
    private let text = Mutex<String?>(nil)

    var message: String? { text.withLock { $0 } }

    func note(_ message: String) {
        text.withLock { if $0 == nil { $0 = message } }
    }
}
