internal import GRPCCore

/// The token that a connection's calls carry, got for user and password once and whenever etcd refuses it.
actor TokenSource {
    private let username: String?
    private let password: String
    private let timeout: Duration
    private var token: String?
    private var renewal: Task<EtcdError?, Never>?

    init(_ configuration: EtcdConfiguration) {
        username = configuration.username
        password = configuration.password ?? ""
        timeout = configuration.requestTimeout
    }

    nonisolated var isUsed: Bool { username != nil }

    /// The token to use, nil for none.
    func current() -> String? { token }

    /// Gets a token unless somebody else has replaced the refused one already.
    ///
    /// All who ask meanwhile share one request: a password check costs etcd 50 ms or more of a processor.
    func renew(_ refused: String?, on connection: Connection) async throws(EtcdError) {
        guard let username, token == refused else { return }
        let task: Task<EtcdError?, Never>
        if let renewal {
            task = renewal
        } else {
            task = Task { await self.authenticate(username, on: connection) }
            renewal = task
        }
        if let error = await task.value { throw error }
    }

    private func authenticate(_ username: String, on connection: Connection) async -> EtcdError? {
        var request = Etcdserverpb_AuthenticateRequest()
        request.name = username
        request.password = password
        let answer: Result<Etcdserverpb_AuthenticateResponse, CallFailure> = await connection.call(
            Etcdserverpb_Auth.Method.Authenticate.descriptor, request, token: nil, timeout: timeout)
        renewal = nil
        switch answer {
        case .success(let response):
            token = response.token
            return nil
        case .failure(let failure) where failure.message.hasSuffix("authentication is not enabled"):
            token = nil
            return nil
        case .failure(let failure):
            return EtcdError(failure, "authenticate", username, at: connection.endpoint)
        }
    }
}
