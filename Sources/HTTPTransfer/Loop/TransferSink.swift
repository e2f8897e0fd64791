/// Who gets the answer, and in what form.
enum TransferSink: Sendable {
    /// The whole answer at its end.
    case whole(@Sendable (Result<HTTPResponse, HTTPTransferError>) -> Void)
    /// The head as soon as it is there, the body by chunks.
    case stream(BodyChannel, @Sendable (Result<HTTPResponseHead, HTTPTransferError>) -> Void)

    /// Answers a request that brought no head.
    func fail(_ error: HTTPTransferError) {
        switch self {
        case .whole(let answer): answer(.failure(error))
        case .stream(let channel, let answer):
            channel.finish(.failure(error))
            answer(.failure(error))
        }
    }
}
