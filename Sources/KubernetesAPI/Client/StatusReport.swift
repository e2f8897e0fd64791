import FoundationEssentials
import HTTPTransfer

/// What the API server says of a request that it does not grant (meta/v1 Status).
struct StatusReport: Decodable {
    var message: String?
    var reason: String?
    var code: Int?
}

extension KubernetesAPIError {
    /// An answer that is not what was asked for.
    init(_ request: HTTPRequest, _ status: Int, _ body: [UInt8]) {
        let report = try? JSONDecoder().decode(StatusReport.self, from: Data(body))
        let said = report?.message ?? String(decoding: body.prefix(500), as: UTF8.self)
        self.init(
            Code(status: status), "\(request.method) \(request.url.withoutQuery): \(status): \(said.prefix(1000))")
    }

    /// No answer.
    init(_ error: HTTPTransferError) {
        let code: Code =
            switch error.code {
            case .cancelled: .cancelled
            case .tooLarge: .tooLarge
            default: .unreachable
            }
        self.init(code, "\(error.operation.withoutQuery): \(error.message)")
    }
}

extension String {
    /// A URL or path up to its question mark.
    fileprivate var withoutQuery: Substring { prefix { $0 != "?" } }
}
