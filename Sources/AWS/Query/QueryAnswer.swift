import HTTPTransfer

/// What a service of the query protocol answered, if it granted what was asked.
struct QueryAnswer: Sendable {
    private let root: XMLElement

    /// Reads an answer.
    ///
    /// - Parameter operation: what was asked, for errors: `call DescribeInstances`.
    /// - Throws: what the service said, or that its answer makes no sense.
    init(_ operation: String, _ response: HTTPResponse) throws(AWSError) {
        let document: XMLElement
        do {
            document = try XMLReader.read(response.body)
        } catch {
            // Without a document the status is all there is; balancers answer with pages of their own.
            guard (200..<300).contains(response.status) else {
                throw AWSError(.init(name: "", status: response.status), "\(operation): status \(response.status)")
            }
            throw AWSError(.garbled, "\(operation): the answer makes no sense: \(error)")
        }
        guard (200..<300).contains(response.status) else {
            throw Self.refusal(operation, response.status, document)
        }
        guard document.name.hasSuffix("Response") else {
            throw AWSError(.garbled, "\(operation): the answer is <\(document.name)>, which is none")
        }
        root = document
    }

    private static func refusal(_ operation: String, _ status: Int, _ document: XMLElement) -> AWSError {
        // EC2 says <Response><Errors><Error>, STS <ErrorResponse><Error>.
        guard let error = (document["Errors"] ?? document)["Error"], let name = error.text("Code"), isName(name) else {
            return AWSError(.init(name: "", status: status), "\(operation): status \(status)")
        }
        let request = (document.text("RequestID") ?? document.text("RequestId")).map { $0.prefix(64) }
        // Further lines repeat what was signed, tokens included.
        let message = error.text("Message").map { ": \($0.prefix { !$0.isNewline }.prefix(600))" } ?? ""
        return AWSError(
            .init(name: name, status: status),
            "\(operation): \(name)\(message)\(request.map { " (request \($0))" } ?? "")", name: name)
    }

    /// Whether it can be a name of AWS, `InvalidRoute.NotFound`; names stand in metrics.
    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= 80
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    subscript(name: String) -> XMLElement? { root[name] }

    func items(_ name: String) -> [XMLElement] { root.items(name) }

    func text(_ name: String) -> String? { root.text(name) }
}

extension AWSError.Code {
    /// The kind of failure that a name of AWS, or without one a status, is.
    init(name: String, status: Int) {
        switch name {
        case "RequestLimitExceeded", "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
            "RequestThrottledException", "TooManyRequestsException", "EC2ThrottledException", "SlowDown",
            "BandwidthLimitExceeded", "PriorRequestNotComplete":
            self = .throttled
        case "AuthFailure", "InvalidClientTokenId", "ExpiredToken", "ExpiredTokenException", "SignatureDoesNotMatch",
            "UnrecognizedClientException", "MissingAuthenticationToken", "RequestExpired", "IncompleteSignature",
            "InvalidAccessKeyId", "Blocked", "InvalidIdentityToken", "IDPRejectedClaim", "RequestTimeTooSkewed",
            "RequestInTheFuture", "InvalidSignatureException":
            self = .credentials
        case "UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "OptInRequired",
            "OperationNotPermitted":
            self = .denied
        case "RouteAlreadyExists": self = .exists
        case "InternalError", "InternalFailure", "Unavailable", "ServiceUnavailable", "RequestTimeout",
            "IDPCommunicationError", "InsufficientInstanceCapacity":
            self = .unavailable
        case _ where name.hasSuffix(".NotFound"): self = .notFound
        case _ where name.hasSuffix("LimitExceeded"): self = .limit
        default:
            self =
                switch status {
                case 429: .throttled
                case 401, 403: .denied
                case 408, 500...: .unavailable
                default: .invalid
                }
        }
    }
}
