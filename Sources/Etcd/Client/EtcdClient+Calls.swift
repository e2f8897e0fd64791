internal import GRPCCore
internal import SwiftProtobuf

extension EtcdClient {
    /// Makes one call within the deadline, on as many connections as it takes.
    ///
    /// - Parameter mayRepeat: whether making it twice does no harm. If not, it is made again only when etcd cannot
    ///   have seen it, or refused it before doing anything.
    func call<Request: Message & Sendable, Response: Message & Sendable>(
        _ operation: String, _ key: String, _ method: MethodDescriptor, _ request: Request, mayRepeat: Bool,
        timeout: Duration? = nil
    ) async throws(EtcdError) -> Response {
        let deadline = ContinuousClock.now + (timeout ?? configuration.requestTimeout)
        var retreat = Retreat()
        var mayRenewToken = true
        while true {
            let connection = try await keeper.connection(until: deadline, for: operation, key)
            let token = connection.tokens.isUsed ? await connection.tokens.current() : nil
            let failure: CallFailure
            switch await connection.call(method, request, token: token, timeout: deadline - .now)
                as Result<Response, CallFailure>
            {
            case .success(let response): return response
            case .failure(let error): failure = error
            }
            let error = EtcdError(failure, operation, key, at: connection.endpoint)
            if Task.isCancelled {
                throw EtcdError(
                    code: .cancelled, operation: operation, key: key, message: "the task was cancelled",
                    endpoint: error.endpoint)
            }
            if failure.isLate || ContinuousClock.now >= deadline {
                connection.doubt()
                throw EtcdError(
                    code: .deadlineExceeded, operation: operation, key: key, message: "no answer in time",
                    endpoint: error.endpoint)
            }
            if failure.needsNewToken, connection.tokens.isUsed, mayRenewToken {
                mayRenewToken = false
                try await connection.tokens.renew(token, on: connection)
                continue
            }
            guard failure.isPassing else { throw error }
            if failure.isRefusal, keeper.hasAlternatives {
                connection.close()
            } else {
                connection.doubt()
            }
            guard mayRepeat || !failure.wasSent || failure.isRefusal else { throw error }
            retreat.failed()
            let pause = retreat.pause(free: 0)
            guard ContinuousClock.now + pause < deadline else { throw error }
            try? await Task.sleep(for: pause)
        }
    }
}
