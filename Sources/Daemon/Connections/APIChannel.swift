import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// Sets up each connection: TLS when there is a certificate, a clock, then HTTP/1.1.
struct APIChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let http: HTTP1Channel
    let patience: Patience
    let certificate: Renewed<NIOSSLContext>?

    /// Heads are at most 16 KiB; a client that takes too long is cut by its clock.
    init(
        _ responder: @escaping HTTPChannelHandler.Responder, _ patience: Patience,
        _ certificate: Renewed<NIOSSLContext>?
    ) {
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderListSize = 16 * 1024
        decoder.maxHeaderFieldSize = 16 * 1024
        decoder.maxHeaderFieldCount = 100
        http = HTTP1Channel(responder: responder, configuration: .init(httpDecoderConfiguration: decoder))
        self.patience = patience
        self.certificate = certificate
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            if let context = certificate?.value {
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
            }
            try channel.pipeline.syncOperations.addHandler(ConnectionClock(patience))
        }.flatMap { http.setup(channel: channel, logger: logger) }
    }

    func handle(value: Value, logger: Logger) async {
        await http.handle(value: value, logger: logger)
    }
}

extension HTTPServerBuilder {
    /// The daemon's server.
    static func api(patience: Patience = Patience(), certificate: Renewed<NIOSSLContext>? = nil) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in APIChannel(responder, patience, certificate) }
    }
}
