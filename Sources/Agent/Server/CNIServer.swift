import CNIProtocol
import LinuxSystem
import Logging

/// The agent's socket: accepts clients, gathers whole requests, writes answers; never blocks on any of them.
final class CNIServer {
    private let path: String
    private let listener: UnixSocket
    private let owner: UInt32
    private let logger: Logger
    private var connections: [UInt64: CNIConnection] = [:]
    private var nextToken: UInt64 = 16
    private var ready: [UInt64] = []
    private var closed: [UInt64] = []
    private(set) var badClients: UInt64 = 0
    /// The last config and its bytes: a runtime gives the same one with every ADD.
    private var lastConfig: (bytes: [UInt8], config: NetworkConfig)?

    /// Nanoseconds within which a client has to have sent its request, and to have read its answer.
    private static let manners: UInt64 = 10_000_000_000

    /// What epoll watches for new clients.
    var descriptor: Int32 { listener.rawValue }

    init(path: String, owner: UInt32, logger: Logger) throws(SystemError) {
        self.path = path
        self.owner = owner
        self.logger = logger
        listener = try UnixSocket.listen(path, mode: 0o600, backlog: 1024)
    }

    /// Takes in all clients that have come.
    func accept(into poll: borrowing Epoll) {
        while true {
            do {
                guard let socket = try listener.accept() else { return }
                let token = nextToken
                nextToken += 1
                let connection = try CNIConnection(socket, opened: Clock.monotonicNanoseconds(), owner: owner)
                try poll.add(connection.rawValue, .readable, token: token)
                connections[token] = connection
                // The request is often there already: a client connects and sends without waiting.
                read(token)
            } catch {
                // Out of descriptors, or a client that may not be here: the next wait shows what is left to accept.
                logger.warning("accept on \(path): \(error)")
                badClients += 1
                return
            }
        }
    }

    /// Goes on with a client that epoll says can be read or written.
    func progress(_ event: Epoll.Event) {
        guard let connection = connections[event.token] else { return }
        if connection.hasOutput {
            advance(event.token) { () throws(SystemError) in try connection.flush() }
        } else {
            read(event.token)
        }
    }

    /// Connections that ended before their answer since the last call.
    func takeClosed() -> [UInt64] {
        defer { closed = [] }
        return closed
    }

    /// Whole requests that have come since the last call; those that are not well formed are answered here.
    ///
    /// `tellState` gets the connections of those who ask for the node's state; somebody answers them later.
    func takeRequests(tellState: (UInt64) -> Void, _ poll: borrowing Epoll) -> [CNIRequest] {
        var requests: [CNIRequest] = []
        for token in ready {
            guard let connection = connections[token], let message = connection.takeRequest() else { continue }
            do {
                if message["CNI_COMMAND"] == AgentSocket.statusCommand {
                    tellState(token)
                    continue
                }
                let environment = try CNIEnvironment { message[$0] }
                requests.append(
                    CNIRequest(
                        connection: token, received: Clock.monotonicNanoseconds(), environment: environment,
                        config: try config(message.config), sandbox: try connection.takeSandbox(),
                        id: RequestID.cni(environment.containerID)))
            } catch let error as CNIError {
                answer(token, .refusal(error, .newest), poll)
            } catch {
                answer(token, .refusal(CNIError(.io, "\(error)"), .newest), poll)
            }
        }
        ready.removeAll(keepingCapacity: true)
        return requests
    }

    private func config(_ bytes: [UInt8]) throws(CNIError) -> NetworkConfig {
        if let lastConfig, lastConfig.bytes == bytes { return lastConfig.config }
        let config = try NetworkConfig(parsing: bytes)
        lastConfig = (bytes, config)
        return config
    }

    /// Answers a client; what the socket does not take at once is sent as it drains.
    func answer(_ token: UInt64, _ answer: CNIAnswer, _ poll: borrowing Epoll) {
        guard let connection = connections[token] else { return }
        let frame = AgentResponse(exitStatus: answer.status, output: answer.output).frame
        advance(token) { () throws(SystemError) in
            let isSent = try connection.send(frame.bytes)
            if !isSent { try poll.modify(connection.rawValue, .writable, token: token) }
            return isSent
        }
    }

    /// Ends connections of clients that neither send nor read.
    func cutSlowClients(now: UInt64) {
        for (token, connection) in connections where connection.isStalled(now: now, limit: Self.manners) {
            badClients += 1
            close(token)
        }
    }

    private func advance(_ token: UInt64, _ send: () throws(SystemError) -> Bool) {
        do {
            if try send() { close(token) }
        } catch {
            logger.debug("answer on \(path): \(error)")
            close(token)
        }
    }

    private func read(_ token: UInt64) {
        guard let connection = connections[token] else { return }
        do {
            switch try connection.receive() {
            case .complete: ready.append(token)
            case .incomplete: break
            case .ended: close(token)
            }
        } catch {
            logger.warning("client of \(path): \(error)")
            badClients += 1
            close(token)
        }
    }

    private func close(_ token: UInt64) {
        if let connection = connections.removeValue(forKey: token), connection.isWaiting { closed.append(token) }
    }
}
