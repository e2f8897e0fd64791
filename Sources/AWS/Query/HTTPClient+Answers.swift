import HTTPTransfer

extension HTTPClient {
    /// An answer of any status, or why there is none.
    func answer(_ request: HTTPRequest, _ operation: String) async throws(AWSError) -> HTTPResponse {
        do {
            return try await send(request)
        } catch {
            throw AWSError(Self.code(error.code), "\(operation): \(error)")
        }
    }

    private static func code(_ code: HTTPTransferError.Code) -> AWSError.Code {
        switch code {
        case .cancelled: .cancelled
        case .invalidRequest: .configuration
        case .tooLarge, .invalidResponse: .garbled
        case .resolve, .connect, .timeout, .tls, .closed, .other: .unavailable
        }
    }
}
