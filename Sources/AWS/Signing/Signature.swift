internal import Crypto

/// Signs requests by AWS's Signature Version 4.
struct Signature: Sendable {
    let credentials: AWSCredentials
    let region: String
    let service: String

    private static let algorithm = "AWS4-HMAC-SHA256"

    /// The request's header fields with those that prove who sends it, and when.
    func signed(_ request: SignableRequest, at time: RequestTime) -> [(String, String)] {
        var request = request
        request.headers.append(("X-Amz-Date", time.text))
        if let token = credentials.sessionToken { request.headers.append(("X-Amz-Security-Token", token)) }
        let scope = "\(time.day)/\(region)/\(service)/aws4_request"
        let text = """
            \(Self.algorithm)
            \(time.text)
            \(scope)
            \(SHA256.hash(data: Array(request.canonical.utf8)).hexadecimal)
            """
        let signature = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key(time)).hexadecimal
        let authorization =
            "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(scope), "
            + "SignedHeaders=\(request.signedHeaders), Signature=\(signature)"
        return request.headers + [("Authorization", authorization)]
    }

    /// The key of a day, a region and a service.
    private func key(_ time: RequestTime) -> SymmetricKey {
        [time.day, region, service, "aws4_request"]
            .reduce(SymmetricKey(data: Array("AWS4\(credentials.secretAccessKey)".utf8))) { key, text in
                SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
            }
    }
}
