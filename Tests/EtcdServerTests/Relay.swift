import NIOCore
import NIOPosix
import Synchronization
import Testbed

/// Stands between a client and a server on loopback, and can cut them off or garble what the server says.
final class Relay: Sendable {
    /// What becomes of the bytes that pass.
    enum Mood: Sendable {
        case faithful
        /// Whoever connects is hung up on.
        case cut
        /// About one byte in so many of the server's comes out wrong.
        case garbling(oneIn: Int, seed: UInt64)
    }

    private struct State {
        var mood = Mood.faithful
        var channels: [ObjectIdentifier: any Channel] = [:]
        var connections = 0
    }

    private let state = Mutex(State())
    private let listener = Mutex<(any Channel)?>(nil)
    private let target: SocketAddress

    private init(to port: Int) throws {
        target = try SocketAddress(ipAddress: "127.0.0.1", port: port)
    }

    /// Runs `body` with a relay to an endpoint, which stands in for it.
    static func with<Result: Sendable>(
        to endpoint: String, _ body: (Relay) async throws -> Result
    ) async throws -> Result {
        let relay = try Relay(to: endpoint.split(separator: ":").last.flatMap { Int($0) } ?? 0)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { relay.accept($0) }
            .bind(host: "127.0.0.1", port: 0).get()
        relay.listener.withLock { $0 = listener }
        do {
            let result = try await body(relay)
            try await relay.end()
            return result
        } catch {
            try? await relay.end()
            throw error
        }
    }

    private func end() async throws {
        mood = .cut
        try await listener.withLock { $0 }?.close().get()
    }

    /// Where it listens.
    var endpoint: String {
        "http://127.0.0.1:\(listener.withLock { $0?.localAddress?.port } ?? 0)"
    }

    /// How many connections it has taken.
    var connections: Int { state.withLock { $0.connections } }

    /// What it does from now on; a change ends all connections.
    var mood: Mood {
        get { state.withLock { $0.mood } }
        set {
            let channels = state.withLock { state in
                state.mood = newValue
                defer { state.channels = [:] }
                return Array(state.channels.values)
            }
            for channel in channels { channel.close(promise: nil) }
        }
    }

    private func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
        let (mood, count) = state.withLock { state in
            state.connections += 1
            return (state.mood, state.connections)
        }
        let garbling: Garbling?
        switch mood {
        case .cut: return channel.eventLoop.makeFailedFuture(ChannelError.eof)
        case .garbling(let rate, let seed): garbling = Garbling(rate, seed &+ UInt64(count))
        case .faithful: garbling = nil
        }
        state.withLock { $0.channels[ObjectIdentifier(channel)] = channel }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
        }
        // The server's first words wait until the client's side can take them.
        return ClientBootstrap(group: channel.eventLoop)
            .channelOption(.autoRead, value: false)
            .channelInitializer { server in
                server.eventLoop.makeCompletedFuture {
                    try server.pipeline.syncOperations.addHandler(Pipe(to: channel, garbling))
                }
            }
            .connect(to: target)
            .flatMapThrowing { server in
                try channel.pipeline.syncOperations.addHandler(Pipe(to: server, nil))
            }
    }
}

/// Passes on what one side says to the other.
private final class Pipe: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let other: any Channel
    private var garbling: Garbling?

    init(to other: any Channel, _ garbling: Garbling?) {
        self.other = other
        self.garbling = garbling
    }

    func channelActive(context: ChannelHandlerContext) {
        other.setOption(.autoRead, value: true).whenComplete { _ in }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        garbling?.garble(&bytes)
        other.writeAndFlush(bytes, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Reproducible damage.
private struct Garbling: Sendable {
    private let rate: UInt64
    private var state: UInt64

    init(_ rate: Int, _ seed: UInt64) {
        self.rate = UInt64(max(rate, 1))
        state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    }

    private mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func garble(_ bytes: inout ByteBuffer) {
        for index in bytes.readableBytesView.indices where next() % rate == 0 {
            bytes.setInteger(UInt8(truncatingIfNeeded: next()), at: index)
        }
    }
}
