import HTTPTransfer

extension HTTPClient {
    /// An answer of any status, or why there is none.
    func answer(_ request: HTTPRequest, _ operation: String) async throws(AWSError) -> HTTPResponse {
        do {
            return try await send(request)
        } catch {
            throw AWSError(error, operation)
        }
    }
}

extension AWSError {
    /// Why there is no answer.
    init(_ error: HTTPTransferError, _ operation: String) {
        let code: Code =
            switch error.code {
            case .cancelled: .cancelled
            case .invalidRequest: .configuration
            case .tooLarge, .invalidResponse: .garbled
            case .resolve, .connect, .timeout, .tls, .closed, .other: .unavailable
            }
        self.init(code, "\(operation): \(error)")
    }
}
