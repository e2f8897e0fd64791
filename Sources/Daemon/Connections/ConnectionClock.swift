import NIOCore

/// Closes a connection whose client takes too long, however busy it looks: one that trickles the head of a request, its
/// body, or its reading of the answer.
final class ConnectionClock: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    typealias OutboundIn = NIOAny
    typealias OutboundOut = NIOAny

    /// What the routes tell of an exchange; sent through the pipeline as an outbound event.
    enum Event: Sendable {
        /// A whole head has come.
        case began
        /// The answer was written.
        case ended
        /// The answer was written before the body of the request was read; there will be no further request.
        case endedEarly
    }

    private let patience: Patience
    private var timer: Scheduled<Void>?

    /// Makes the clock of one connection.
    init(_ patience: Patience) {
        self.patience = patience
    }

    func handlerAdded(context: ChannelHandlerContext) { set(patience.firstHead, context) }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let event = event as? Event else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        switch event {
        case .began: set(patience.exchange, context)
        case .ended: set(patience.nextHead, context)
        case .endedEarly: set(patience.linger, context)
        }
        promise?.succeed()
    }

    private func set(_ limit: TimeAmount, _ context: ChannelHandlerContext) {
        timer?.cancel()
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    }
}
