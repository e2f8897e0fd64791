import Glibc
import NIOCore
import NIOPosix

/// Many hosts that register and claim blocks of some daemons at once, as agents do: one request at a time each, on a
/// connection of its own, the same request again when the answer does not come, of the next daemon.
///
/// Everything but its creation happens on one event loop.
public final class GrantLoad: @unchecked Sendable {
    private let addresses: [(host: String, port: Int)]
    private let network: String
    private let group: MultiThreadedEventLoopGroup
    private let loop: any EventLoop

    // Used on the loop alone.
    private var hosts: [SimulatedHost]
    private var channels: [Int: any Channel] = [:]
    private var alarms: [Int: Scheduled<Void>] = [:]
    private var tally = LoadTally()
    private var start: UInt64 = 0
    private var unfinished = 0
    private var promise: EventLoopPromise<LoadTally>?

    /// How long a host waits before it asks again.
    static let pause = TimeAmount.milliseconds(300)
    /// How long it waits for an answer.
    static let patience = TimeAmount.seconds(15)

    /// So many hosts, spread over the daemons.
    public init(hosts count: Int, daemons: [(host: String, port: Int)], network: String) {
        addresses = daemons
        self.network = network
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loop = group.next()
        hosts = (0..<count).map { SimulatedHost(number: $0, daemon: $0 % max(1, daemons.count)) }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            limit.rlim_cur = limit.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
    }

    /// Has every host register, if it is to, and then claim so many blocks one by one; ends when all have them.
    public func run(registering: Bool, claims: Int) async throws -> LoadTally {
        let promise = loop.makePromise(of: LoadTally.self)
        loop.execute { [self] in
            tally = LoadTally()
            start = Self.now
            unfinished = hosts.count
            self.promise = promise
            for number in hosts.indices {
                hosts[number].mustRegister = registering
                hosts[number].claims = claims
                if channels[number] != nil { send(number) } else { connect(number) }
            }
        }
        return try await promise.futureResult.get()
    }

    /// What each host was granted so far, by its name.
    public func granted() async throws -> [String: [String]] {
        try await loop.submit { [self] in
            Dictionary(hosts.map { ($0.name, $0.blocks) }, uniquingKeysWith: { $1 })
        }.get()
    }

    /// Closes all connections.
    public func end() async throws {
        try await loop.submit { [self] in
            let open = channels.values
            channels = [:]
            unfinished = 0
            for channel in open { channel.close(promise: nil) }
        }.get()
        try await group.shutdownGracefully()
    }

    /// Nanoseconds of the monotonic clock.
    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private func connect(_ number: Int) {
        let address = addresses[hosts[number].daemon]
        ClientBootstrap(group: loop)
            .connectTimeout(.seconds(5))
            .channelOption(.socketOption(.init(rawValue: SO_REUSEADDR)), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(AnswerReader()), AnswerTaker(load: self, number: number))
                }
            }
            .connect(host: address.host, port: address.port)
            .whenComplete { [self] result in
                switch result {
                case .success(let channel):
                    channels[number] = channel
                    send(number)
                case .failure: retry(number)
                }
            }
    }

    private func send(_ number: Int) {
        guard let channel = channels[number], !hosts[number].isDone else { return }
        if hosts[number].since == nil { hosts[number].since = Self.now }
        channel.writeAndFlush(ByteBuffer(string: hosts[number].request(network: network)), promise: nil)
        alarms[number]?.cancel()
        alarms[number] = loop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }

    /// The connection of a host is gone: its request is sent again, to the next daemon.
    fileprivate func lost(_ number: Int) {
        guard channels.removeValue(forKey: number) != nil, !hosts[number].isDone, unfinished > 0 else { return }
        retry(number)
    }

    private func retry(_ number: Int) {
        tally.repeated += 1
        hosts[number].daemon = (hosts[number].daemon + 1) % addresses.count
        loop.scheduleTask(in: Self.pause) { [self] in
            if unfinished > 0, channels[number] == nil { connect(number) }
        }
    }

    fileprivate func took(_ answer: AnswerReader.InboundOut, _ number: Int) {
        switch answer.status {
        case 200: accept(answer.body, number)
        case 503, 408:
            // Try again later: another daemon may have more room.
            channels.removeValue(forKey: number)?.close(promise: nil)
            retry(number)
        default:
            tally.refusals.append("\(hosts[number].name): \(answer.status) \(answer.body)")
            hosts[number].mustRegister = false
            hosts[number].claims = 0
            finish(number)
        }
    }

    private func accept(_ body: String, _ number: Int) {
        let now = Self.now
        alarms.removeValue(forKey: number)?.cancel()
        tally.answered += 1
        tally.latencies.append(Double(now - (hosts[number].since ?? now)) / 1e6)
        hosts[number].since = nil
        if hosts[number].mustRegister {
            hosts[number].mustRegister = false
        } else {
            let parts = body.split(separator: "\"cidr\":\"").dropFirst()
            hosts[number].blocks += parts.compactMap { $0.split(separator: "\"").first.map(String.init) }
            hosts[number].claims -= 1
            hosts[number].claimed += 1
        }
        if hosts[number].isDone { finish(number) } else { send(number) }
    }

    private func finish(_ number: Int) {
        let elapsed = Double(Self.now - start) / 1e9
        tally.finished.append(elapsed)
        unfinished -= 1
        guard unfinished == 0 else { return }
        tally.seconds = elapsed
        promise?.succeed(tally)
        promise = nil
    }
}

/// Hands what comes over one connection to the load.
private final class AnswerTaker: ChannelInboundHandler {
    typealias InboundIn = AnswerReader.InboundOut

    let load: GrantLoad
    let number: Int

    init(load: GrantLoad, number: Int) {
        self.load = load
        self.number = number
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { load.took(unwrapInboundIn(data), number) }

    func channelInactive(context: ChannelHandlerContext) { load.lost(number) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
