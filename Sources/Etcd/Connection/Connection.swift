internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import GRPCProtobuf
internal import NIOCore
internal import NIOPosix
internal import SwiftProtobuf
internal import Synchronization

/// One connection to one member: calls go through it until it closes; it never comes back.
final class Connection: Sendable {
    typealias Transport = HTTP2ClientTransport.WrappedChannel

    /// Answers may be larger than gRPC's default of 4 MiB: a page of keys, or the changes of one revision.
    static let messageLimit = 128 * 1024 * 1024

    let endpoint: Endpoint
    let tokens: TokenSource
    private let grpc: GRPCClient<Transport>
    private let channel: any Channel
    private let trouble: ChannelTrouble
    private let doubts = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// Connects to an endpoint: TCP and the pipeline; TLS and HTTP/2 greet each other while it runs.
    static func open(_ endpoint: Endpoint, _ configuration: EtcdConfiguration) async throws(EtcdError) -> Connection {
        let security = endpoint.isSecure ? try TransportSecurity(configuration, for: endpoint) : nil
        let trouble = ChannelTrouble()
        let opened = Mutex<(any Channel)?>(nil)
        do {
            let transport = try await Transport.wrapping(config: transportConfiguration(endpoint)) { configure in
                let configured = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connectTimeout(TimeAmount(configuration.dialTimeout))
                    .connect(host: endpoint.host, port: endpoint.port) { channel in
                        channel.eventLoop.makeCompletedFuture {
                            let pipeline = channel.pipeline.syncOperations
                            if let security { try pipeline.addHandler(security.handler()) }
                            try pipeline.addHandler(PingResponder(trouble: trouble))
                        }.flatMap { configure(channel) }
                    }
                opened.withLock { $0 = configured.channel }
                return configured
            }
            guard let channel = opened.withLock({ $0 }) else { throw CancellationError() }
            return Connection(
                endpoint, configuration, grpc: GRPCClient(transport: transport), channel: channel, trouble: trouble)
        } catch {
            throw EtcdError(
                code: .unavailable, operation: "connect", message: "\(error)", endpoint: endpoint.description)
        }
    }

    private init(
        _ endpoint: Endpoint, _ configuration: EtcdConfiguration, grpc: GRPCClient<Transport>, channel: any Channel,
        trouble: ChannelTrouble
    ) {
        self.endpoint = endpoint
        self.grpc = grpc
        self.channel = channel
        self.trouble = trouble
        tokens = TokenSource(configuration)
    }

    private static func transportConfiguration(_ endpoint: Endpoint) -> Transport.Config {
        .defaults {
            $0.http2.authority = endpoint.authority
            // Connections stay open; PINGs of our own find a dead peer while a call or the watch stream is open
            // (etcd takes offence at more than one in five seconds: --grpc-keepalive-min-time).
            $0.connection.maxIdleTime = nil
            $0.connection.keepalive = .init(time: .seconds(10), timeout: .seconds(5), allowWithoutCalls: false)
            $0.connection.flushCoalescing = nil
        }
    }

    /// Serves the connection until it closes, or the task is cancelled.
    func run() async {
        // It throws if the channel could not be closed, which leaves nothing to do.
        try? await grpc.runConnections()
        channel.close(promise: nil)
        doubts.continuation.finish()
    }

    /// Ends the connection; calls in flight fail with `unavailable`.
    func close() {
        channel.close(promise: nil)
    }

    var isOpen: Bool { channel.isActive }

    /// Says that the connection may be dead; the keeper will ask it.
    func doubt() {
        doubts.continuation.yield()
    }

    /// One element whenever somebody doubted the connection since the last; ends with the connection.
    var doubted: AsyncStream<Void> { doubts.stream }

    /// Makes one call with one answer, within `timeout`.
    ///
    /// The timer is the channel's: gRPC's own sleeps in a task for every call, and a sleep that is cancelled keeps its
    /// memory until it would have ended (2 KB a call; 200 MiB at 5,000 calls a second and 30 s).
    func call<Request: Message & Sendable, Response: Message & Sendable>(
        _ method: MethodDescriptor, _ request: Request, token: String?, timeout: Duration
    ) async -> Result<Response, CallFailure> {
        let wasSent = Flag()
        let isLate = Flag()
        let call = Task { try await self.send(method, request, token: token, wasSent) as Response }
        let timer = channel.eventLoop.scheduleTask(in: TimeAmount(max(timeout, .zero))) {
            isLate.raise()
            call.cancel()
        }
        defer { timer.cancel() }
        do {
            let response = try await withTaskCancellationHandler {
                try await call.value
            } onCancel: {
                call.cancel()
            }
            return .success(response)
        } catch {
            guard !isLate.isRaised else {
                let why = trouble.message.map { ": \($0)" } ?? ""
                return .failure(
                    CallFailure(
                        status: .deadlineExceeded, message: "no answer in time\(why)", wasSent: wasSent.isRaised))
            }
            return .failure(CallFailure(error, wasSent: wasSent.isRaised, trouble: trouble.message))
        }
    }

    private func send<Request: Message & Sendable, Response: Message & Sendable>(
        _ method: MethodDescriptor, _ request: Request, token: String?, _ wasSent: Flag
    ) async throws -> Response {
        var options = CallOptions.defaults
        options.maxRequestMessageBytes = Self.messageLimit
        return try await grpc.clientStreaming(
            request: StreamingClientRequest(of: Request.self, metadata: metadata(token)) { writer in
                wasSent.raise()
                try await writer.write(request)
            },
            descriptor: method, serializer: ProtobufSerializer<Request>(),
            deserializer: ProtobufDeserializer<Response>(), options: options
        ) { try $0.message }
    }

    /// Opens a stream of requests and answers that lasts until one side ends it.
    func stream<Request: Message & Sendable, Response: Message & Sendable>(
        _ method: MethodDescriptor, _ requests: AsyncStream<Request>, token: String?,
        receive: @escaping @Sendable (Response) throws -> Void
    ) async -> CallFailure? {
        var options = CallOptions.defaults
        options.maxRequestMessageBytes = Self.messageLimit
        do {
            try await grpc.bidirectionalStreaming(
                request: StreamingClientRequest(of: Request.self, metadata: metadata(token)) { writer in
                    for await request in requests { try await writer.write(request) }
                },
                descriptor: method, serializer: ProtobufSerializer<Request>(),
                deserializer: ProtobufDeserializer<Response>(), options: options
            ) { response in
                for try await message in response.messages { try receive(message) }
            }
            return nil
        } catch {
            return CallFailure(error, wasSent: true, trouble: trouble.message)
        }
    }

    /// `hasleader` makes a member that has lost its leader refuse at once instead of keeping us waiting.
    private func metadata(_ token: String?) -> Metadata {
        var metadata: Metadata = ["hasleader": "true"]
        if let token { metadata.addString(token, forKey: "token") }
        return metadata
    }
}

/// Something that happened or not.
///
/// If no byte of a request went out, for one, the call can be made again on another connection.
private final class Flag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isRaised: Bool { flag.load(ordering: .acquiring) }

    func raise() { flag.store(true, ordering: .releasing) }
}
